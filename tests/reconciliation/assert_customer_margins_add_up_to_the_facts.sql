-- Weeks and months of customers hold every dollar of the core facts once, internal use included: a customer lost in a
-- join would only show as a company that looks better than it is.
with

facts as (

    select
        {{ cost_sum('usage_daily.ai_cost_usd') }} as ai_cost_usd,
        {{ token_sum('usage_daily.successful_inference_count') }} as successful_inference_count
    from {{ ref('fct_usage_daily') }} as usage_daily

),

revenue as (

    select
        {{ cost_sum('revenue_usd') }} as revenue_usd,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd
    from {{ ref('fct_revenue_daily') }}

),

cogs as (

    select {{ cost_sum('other_cogs_usd') }} as other_cogs_usd
    from {{ ref('int_other_cogs_daily') }}

),

marts as (

    {% for mart in ['customer_margins_weekly', 'customer_margins_monthly'] %}
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
cross join facts
cross join revenue
cross join cogs
where
    marts.revenue_usd <> revenue.revenue_usd
    or marts.ai_revenue_usd <> revenue.ai_revenue_usd
    or marts.ai_cost_usd <> facts.ai_cost_usd
    or marts.other_cogs_usd <> cogs.other_cogs_usd
    or marts.successful_inference_count <> facts.successful_inference_count
    or marts.gross_profit_usd <> revenue.revenue_usd - facts.ai_cost_usd - cogs.other_cogs_usd
