-- What a release reported as revenue, and the restatements since, make today's revenue of months over then and now:
-- exactly, for every customer, so that a difference without a row shows too. Straight from the daily fact.
-- A wrong row would tell the CFO a wrong reason; a lost one would leave a difference nobody can explain.
with

reported as (

    select * from {{ ref('int_revenue_reported') }}

),

as_of as (

    select distinct least(today.as_of_date, reported.reported_to_date) as as_of_date
    from reported
    cross join {{ ref('int_as_of_date') }} as today

),

both_sides as (

    select
        customer_id,
        period_start_date,
        revenue_usd as explained_usd,
        {{ money('0') }} as revenue_usd
    from reported

    union all

    select
        customer_id,
        period_start_date,
        {{ money('restated_revenue_usd - reported_revenue_usd') }} as explained_usd,
        {{ money('0') }} as revenue_usd
    from {{ ref('price_restatements') }}

    union all

    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'revenue_date') }} as date) as period_start_date,
        {{ money('0') }} as explained_usd,
        revenue_usd
    from {{ ref('fct_revenue_daily') }}

)

select
    both_sides.customer_id,
    both_sides.period_start_date,
    {{ cost_sum('both_sides.explained_usd') }} as explained_usd,
    {{ cost_sum('both_sides.revenue_usd') }} as revenue_usd
from both_sides
cross join as_of
where {{ is_complete('both_sides.period_start_date', 'month') }}
group by
    both_sides.customer_id,
    both_sides.period_start_date
having {{ cost_sum('both_sides.explained_usd') }} <> {{ cost_sum('both_sides.revenue_usd') }}
