-- Cost, margins, users and cache hits of each week straight from the core facts, without the marts they come from; of the
-- dearest customers from what was measured of them.
with

usage_weekly as (

    select
        cast({{ dbt.date_trunc('week', 'usage_daily.usage_date') }} as date) as period_start_date,
        {{ cost_sum('usage_daily.inference_cost_usd') }} as inference_cost_usd,
        {{ token_sum('usage_daily.successful_inference_count') }} as successful_inference_count,
        {{ token_sum('usage_daily.successful_inference_count', "usage_daily.model_tier in ('mid', 'small')") }}
            as mid_and_small_inference_count
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date

),

calls_weekly as (

    select
        cast({{ dbt.date_trunc('week', 'calls.usage_date') }} as date) as period_start_date,
        count(distinct calls.customer_id || '|' || coalesce(calls.user_id, '')) as active_user_count,
        count(*) filter (where calls.is_successful and calls.is_response_cache_hit) as cached_inference_count,
        count(*) filter (where calls.is_successful) as successful_inference_count
    from {{ ref('fct_inference_calls') }} as calls
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        calls.is_inference
        and not customers.is_internal
        and {{ in_days_to_test('calls.usage_date', 'week') }}
    group by period_start_date

),

money_weekly as (

    select
        cast({{ dbt.date_trunc('week', 'usage_date') }} as date) as period_start_date,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('revenue_usd') }} as revenue_usd,
        {{ cost_sum('revenue_usd - ai_cost_usd - other_cogs_usd') }} as gross_profit_usd
    from {{ ref('int_unit_economics_daily') }}
    where not is_internal
    group by period_start_date

),

facts as (

    select
        period_start_date,
        'inference_cost_to_revenue' as metric,
        case when ai_revenue_usd > 0.000001 then {{ ratio('inference_cost_usd', 'ai_revenue_usd') }} end as fact_value
    from money_weekly

    union all

    select
        period_start_date,
        'gross_margin' as metric,
        case when revenue_usd > 0 then {{ ratio('gross_profit_usd', 'revenue_usd') }} end as fact_value
    from money_weekly

    union all

    select
        period_start_date,
        'top_20_cost_to_mrr' as metric,
        case when mrr_usd > 0 then {{ ratio('365 * ai_cost_usd', '84 * mrr_usd') }} end as fact_value
    from {{ ref('int_top_customers_weekly') }}

    union all

    select
        period_start_date,
        'total_inference_cost' as metric,
        inference_cost_usd as fact_value
    from usage_weekly

    union all

    select
        period_start_date,
        'mid_and_small_models' as metric,
        {{ ratio('mid_and_small_inference_count', 'successful_inference_count') }} as fact_value
    from usage_weekly

    union all

    select
        usage_weekly.period_start_date,
        'cost_per_active_user' as metric,
        {{ ratio('usage_weekly.inference_cost_usd', 'calls_weekly.active_user_count') }} as fact_value
    from usage_weekly
    inner join calls_weekly
        on usage_weekly.period_start_date = calls_weekly.period_start_date

    union all

    select
        period_start_date,
        'response_cache_hit' as metric,
        {{ ratio('cached_inference_count', 'successful_inference_count') }} as fact_value
    from calls_weekly

)

select
    weekly_view.period_start_date,
    weekly_view.metric,
    weekly_view.this_week_value,
    facts.fact_value
from {{ ref('weekly_unit_economics') }} as weekly_view
left join facts
    on weekly_view.period_start_date = facts.period_start_date
    and weekly_view.metric = facts.metric
where
    coalesce(weekly_view.this_week_value, 0) <> coalesce(facts.fact_value, 0)
    and {{ in_periods_to_test('weekly_view.period_start_date', 'week') }}
