-- Weeks and months of customers hold every dollar of the core facts once, internal use included, in every period begun
-- by as_of_date: a customer lost in a join would only show as a company that looks better than it is.
{% set grains = {'week': 'customer_margins_weekly', 'month': 'customer_margins_monthly'} %}
with

facts as (

    select
        usage_date as fact_date,
        {{ money('0') }} as revenue_usd,
        {{ money('0') }} as ai_revenue_usd,
        ai_cost_usd,
        {{ money('0') }} as other_cogs_usd,
        successful_inference_count
    from {{ ref('fct_usage_daily') }}

    union all

    select
        revenue_date as fact_date,
        revenue_usd,
        ai_revenue_usd,
        {{ money('0') }} as ai_cost_usd,
        {{ money('0') }} as other_cogs_usd,
        cast(0 as bigint) as successful_inference_count
    from {{ ref('fct_revenue_daily') }}

    union all

    select
        usage_date as fact_date,
        {{ money('0') }} as revenue_usd,
        {{ money('0') }} as ai_revenue_usd,
        {{ money('0') }} as ai_cost_usd,
        other_cogs_usd,
        cast(0 as bigint) as successful_inference_count
    from {{ ref('int_other_cogs_daily') }}

),

expected as (

    {% for grain, mart in grains.items() %}
    select
        '{{ mart }}' as mart,
        {{ cost_sum('facts.revenue_usd') }} as revenue_usd,
        {{ cost_sum('facts.ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('facts.ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('facts.other_cogs_usd') }} as other_cogs_usd,
        {{ token_sum('facts.successful_inference_count') }} as successful_inference_count
    from facts
    inner join {{ ref('int_as_of_date') }} as as_of
        on cast({{ dbt.date_trunc(grain, 'facts.fact_date') }} as date) <= as_of.as_of_date
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

marts as (

    {% for mart in grains.values() %}
    select
        '{{ mart }}' as mart,
        {{ cost_sum('revenue_usd') }} as revenue_usd,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('other_cogs_usd') }} as other_cogs_usd,
        {{ cost_sum('gross_profit_usd') }} as gross_profit_usd,
        {{ token_sum('successful_inference_count') }} as successful_inference_count
    from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select marts.*
from marts
inner join expected
    on marts.mart = expected.mart
where
    marts.revenue_usd <> expected.revenue_usd
    or marts.ai_revenue_usd <> expected.ai_revenue_usd
    or marts.ai_cost_usd <> expected.ai_cost_usd
    or marts.other_cogs_usd <> expected.other_cogs_usd
    or marts.successful_inference_count <> expected.successful_inference_count
    or marts.gross_profit_usd <> expected.revenue_usd - expected.ai_cost_usd - expected.other_cogs_usd
