-- What a release reported, and the restatements since, make today's cost of the same days: exactly, for every customer
-- and month, so that a difference without a row shows too. Straight from the daily fact.
-- A wrong row would tell the CFO a wrong reason; a lost one would leave a difference nobody can explain.
with

reported as (

    select
        customer_id,
        period_start_date,
        {{ cost_sum('ai_cost_usd') }} as reported_usd
    from {{ ref('int_costs_reported') }}
    group by
        customer_id,
        period_start_date

),

restated as (

    select
        customer_id,
        period_start_date,
        {{ cost_sum('restated_usd - as_reported_usd') }} as change_usd
    from {{ ref('price_restatements') }}
    group by
        customer_id,
        period_start_date

),

usage_monthly as (

    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from {{ ref('fct_usage_daily') }}
    where usage_date <= (select max(costs.reported_to_date) from {{ ref('int_costs_reported') }} as costs)
    group by
        customer_id,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date)

),

both_sides as (

    select
        customer_id,
        period_start_date,
        reported_usd as explained_usd,
        {{ money('0') }} as ai_cost_usd
    from reported

    union all

    select
        customer_id,
        period_start_date,
        change_usd as explained_usd,
        {{ money('0') }} as ai_cost_usd
    from restated

    union all

    select
        customer_id,
        period_start_date,
        {{ money('0') }} as explained_usd,
        ai_cost_usd
    from usage_monthly

)

select
    customer_id,
    period_start_date,
    {{ cost_sum('explained_usd') }} as explained_usd,
    {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
from both_sides
group by
    customer_id,
    period_start_date
having {{ cost_sum('explained_usd') }} <> {{ cost_sum('ai_cost_usd') }}
