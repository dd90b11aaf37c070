-- After how many days without rows a source is late, by the freshness its YAML asks for.
-- Grain: one row per source with a freshness.
with

final as (

    select
        cast(null as string) as source_name,
        cast(null as bigint) as late_after_days
    where false
    {%- for source_name, late_after_days in late_after_days() | dictsort %}
    union all
    select
        '{{ source_name }}' as source_name,
        cast({{ late_after_days }} as bigint) as late_after_days
    {%- endfor %}

)

select * from final
