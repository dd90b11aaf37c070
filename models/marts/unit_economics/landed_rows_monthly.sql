-- What became of every row that was landed: used, skipped or quarantined, and why.
-- Grain: one row per source_name, period_start_date, outcome and reason.
-- The rows add up to what the landing counted (assert_landed_rows_are_all_accounted_for). A row of the future has one
-- too: nothing is cut at as_of_date here.
with

landed as (

    select * from {{ ref('int_rows_landed_monthly') }}

),

quarantined as (

    select * from {{ ref('int_rows_quarantined_monthly') }}

),

as_of as (

    select as_of_date from {{ ref('int_as_of_date') }}

),

outcomes as (

    select
        source_name,
        period_start_date,
        -- What staging finds bad is quarantined as what landing finds.
        case
            when skip_reason is null then 'landed'
            when skip_reason = 'negative_remainder' then 'quarantined'
            else 'skipped'
        end as outcome,
        coalesce(skip_reason, 'none') as reason,
        row_count
    from landed

    union all

    select
        source_name,
        period_start_date,
        'quarantined' as outcome,
        reason,
        row_count
    from quarantined

),

final as (

    select
        outcomes.source_name,
        outcomes.period_start_date,
        outcomes.outcome,
        outcomes.reason,
        outcomes.row_count,
        coalesce(last_day(outcomes.period_start_date) <= as_of.as_of_date, false) as is_complete
    from outcomes
    cross join as_of

)

select * from final
