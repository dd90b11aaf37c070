-- After how many days without rows a source is late, by the freshness its YAML asks for.
-- Grain: one row per source with a freshness.
with

final as (

    {% for source_name, late_after_days in late_after_days() | dictsort -%}
    select
        '{{ source_name }}' as source_name,
        cast({{ late_after_days }} as bigint) as late_after_days
    {{ 'union all' if not loop.last }}
    {% else -%}
    select
        cast(null as string) as source_name,
        cast(null as bigint) as late_after_days
    where false
    {% endfor %}
)

select * from final
