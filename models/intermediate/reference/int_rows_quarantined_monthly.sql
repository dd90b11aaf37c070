-- Rows that broke a landing rule, by the month they were landed in: their own time may be what is broken.
-- Grain: one row per source_name, period_start_date and reason.
with

quarantined as (

    select * from {{ ref('stg_landing__quarantine') }}

),

final as (

    select
        source_name,
        cast({{ dbt.date_trunc('month', 'landed_at') }} as date) as period_start_date,
        reason,
        cast(count(*) as bigint) as row_count
    from quarantined
    group by
        source_name,
        period_start_date,
        reason

)

select * from final
