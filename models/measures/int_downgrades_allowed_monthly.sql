-- The cheaper models that the evidence of the time allowed: decision yes by all pairs up to the end of the month (or
-- as_of_date, in its month), enough of them, the last not three months old.
-- Grain: one row per period_start_date, use_case, expensive_model and cheap_model.
-- By the evidence of its own time, so that a closed month does not change when evidence grows old.
-- A small table: planned once, not again by every reader.
{{ config(materialized='table') }}
with

months as (

    -- Months with calls, and the one of as_of_date.
    select cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date
    from {{ ref('int_usage_priced_daily') }}

    union

    select cast({{ dbt.date_trunc('month', 'as_of_date') }} as date) as period_start_date
    from {{ ref('int_as_of_date') }}
    where as_of_date is not null

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

evidence as (

    select * from {{ ref('int_evaluations_summed_monthly') }}

),

month_ends as (

    select
        months.period_start_date,
        least(
            cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, 'months.period_start_date')) }} as date),
            as_of.as_of_date
        ) as last_date
    from months
    cross join as_of

),

known as (

    select
        month_ends.period_start_date,
        month_ends.last_date,
        evidence.use_case,
        evidence.expensive_model,
        evidence.cheap_model,
        cast(sum(evidence.pair_count) as bigint) as pair_count,
        cast(sum(evidence.expensive_points) as decimal(28, 12)) as expensive_points,
        cast(sum(evidence.cheap_points) as decimal(28, 12)) as cheap_points,
        max(evidence.last_pair_date) as last_pair_date
    from month_ends
    inner join evidence
        on month_ends.period_start_date >= evidence.period_start_date
    group by
        month_ends.period_start_date,
        month_ends.last_date,
        evidence.use_case,
        evidence.expensive_model,
        evidence.cheap_model

),

final as (

    select
        period_start_date,
        use_case,
        expensive_model,
        cheap_model
    from known
    where
        {{ downgrade_decision(retention('cheap_points', 'expensive_points')) }} = 'yes'
        and pair_count >= {{ var('min_pairs') }}
        and cast({{ dbt.dateadd('month', var('stale_evidence_months'), 'last_pair_date') }} as date) > last_date

)

select * from final
