-- Which days of the facts and of their sums each build wrote again. A build that fails later leaves them here: the next
-- one tests them still, and publishing copies them.
-- Grain: one row per build_number and usage_date; a full refresh begins anew.
{{ config(
    materialized='incremental',
    on_schema_change='fail',
    **appended_config()
) }}
with

builds as (

    -- 0 where builds are not recorded.
    select coalesce(max(build_number), 0) as build_number
    from {{ ref('stg_publishing__builds') }}

),

final as (

    select
        builds.build_number,
        days.usage_date
    from {{ ref('int_measured_days_touched') }} as days
    cross join builds
    {% if is_incremental() %}
    -- Where builds are not recorded they share a number.
    where not exists (
        select 1 from {{ this }} as written
        where written.build_number = builds.build_number and written.usage_date = days.usage_date
    )
    {% endif %}

)

select * from final
