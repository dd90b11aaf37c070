-- Sources that brought rows once and none any more, while other files landed.
-- Grain: one row per source that is late by the freshness of its YAML.
-- Now is the day of the last landing: a warehouse into which nothing lands at all is told by scripts/run.py.
with

expected as (

    select * from {{ ref('int_sources_expected') }}

),

landed as (

    select * from {{ ref('int_sources_landed') }}

),

newest as (

    select max(last_date) as newest_date
    from landed

),

silent as (

    select
        landed.source_name,
        landed.last_date,
        kinds.kind,
        cast({{ dbt.datediff('landed.last_date', 'newest.newest_date', 'day') }} as bigint) as silent_days,
        cast(coalesce(kinds.threshold, expected.late_after_days) as bigint) as late_after_days
    from landed
    inner join expected
        on landed.source_name = expected.source_name
    cross join newest
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'stale_source'
            and kinds.is_on

),

final as (

    select
        kind,
        'source' as subject_kind,
        source_name as subject,
        cast({{ dbt.dateadd('day', 'late_after_days + 1', 'last_date') }} as date) as since_date,
        {{ money('silent_days') }} as value,
        {{ money('late_after_days') }} as threshold,
        'days' as unit,
        cast(null as decimal(28, 12)) as dollars_usd
    from silent
    where silent_days > late_after_days

)

select * from final
