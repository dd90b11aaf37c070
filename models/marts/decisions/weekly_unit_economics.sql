-- Seven numbers for the Monday meeting: this week, last week, target.
-- Grain: one row per period_start_date (Monday) and metric (7).
-- Internal use is left out. A week that is not over at as_of_date is marked. decisions.md, Weekly view.
{% set measures = {
    'total_inference_cost': 'coalesce(inference_cost_usd, case when is_in_use then 0 end)',
    'cost_per_active_user': ratio('inference_cost_usd', 'active_user_count'),
    'inference_cost_to_revenue': 'case when ai_revenue_usd > 0.000001 then ' ~ ratio('inference_cost_usd', 'ai_revenue_usd') ~ ' end',
    'gross_margin': 'case when revenue_usd > 0 then ' ~ ratio('gross_profit_usd', 'revenue_usd') ~ ' end',
    'response_cache_hit': ratio('cached_inference_count', 'cacheable_inference_count'),
    'mid_and_small_models': ratio('mid_and_small_inference_count', 'all_inference_count'),
    'top_20_cost_to_mrr': 'case when mrr_usd > 0 then ' ~ ratio('365 * top_20_cost_usd', '84 * mrr_usd') ~ ' end',
} %}
with

money_weekly as (

    select
        margins.period_start_date,
        {{ cost_sum('margins.revenue_usd') }} as revenue_usd,
        {{ cost_sum('margins.ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('margins.inference_cost_usd') }} as inference_cost_usd,
        {{ cost_sum('margins.gross_profit_usd') }} as gross_profit_usd,
        {{ all_revenue_complete() }} as is_revenue_complete
    from {{ ref('customer_margins_weekly') }} as margins
    inner join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id
    where not customers.is_internal
    group by margins.period_start_date

),

active_users as (

    select distinct
        cast({{ dbt.date_trunc('week', 'usage_date') }} as date) as period_start_date,
        customer_id,
        user_id
    from {{ ref('int_active_users_daily') }}

),

users_weekly as (

    select
        period_start_date,
        count(*) as active_user_count
    from active_users
    group by period_start_date

),

usage_weekly as (

    select
        period_start_date,
        {{ token_sum('successful_inference_count', "dimension = 'all'") }} as all_inference_count,
        {{ token_sum('successful_inference_count', "dimension_value in ('mid', 'small')") }} as mid_and_small_inference_count
    from {{ ref('cost_per_inference') }}
    where period_grain = 'week' and dimension in ('all', 'model_tier')
    group by period_start_date

),

caches_weekly as (

    select
        period_start_date,
        {{ token_sum('cached_inference_count') }} as cached_inference_count,
        {{ token_sum('successful_inference_count') }} as cacheable_inference_count
    from {{ ref('cache_performance_weekly') }}
    group by period_start_date

),

weeks as (

    select distinct
        week_start_date as period_start_date,
        coalesce(week_start_date >= (select min(usage_weekly.period_start_date) from usage_weekly), false) as is_in_use
    from {{ ref('dim_dates') }}

),

joined as (

    -- Of a month's recurring revenue a week has 84 ÷ 365, the seven days of a twelfth of a year.
    select
        weeks.period_start_date,
        weeks.is_in_use,
        money_weekly.is_revenue_complete,
        {% for metric, value in measures.items() -%}
        {{ value }} as {{ metric }}{{ ',' if not loop.last }}
        {% endfor %}
    from weeks
    left join (
        select
            period_start_date,
            ai_cost_usd as top_20_cost_usd,
            mrr_usd
        from {{ ref('int_top_customers_weekly') }}
    ) as top_customers
        on weeks.period_start_date = top_customers.period_start_date
    {% for relation in ['money_weekly', 'users_weekly', 'usage_weekly', 'caches_weekly'] -%}
    left join {{ relation }}
        on weeks.period_start_date = {{ relation }}.period_start_date
    {% endfor %}
),

measured as (

    {% for metric in measures %}
    select
        period_start_date,
        '{{ metric }}' as metric,
        is_in_use,
        is_revenue_complete,
        {{ metric }} as week_value,
        lag({{ metric }}) over (order by period_start_date asc nulls last) as last_week_value
    from joined
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        measured.period_start_date,
        metrics.position,
        metrics.metric,
        metrics.metric_name,
        metrics.unit,
        case when metrics.comparison in ('<', '<=') then 'lower' else 'higher' end as direction,
        measured.week_value as this_week_value,
        measured.last_week_value,
        cast(metrics.target_value as decimal(28, 12)) as target_value,
        {{ is_complete('measured.period_start_date', 'week') }} as is_complete,
        coalesce(measured.is_revenue_complete, true) as is_revenue_complete,
        {{ target_status('measured.week_value', 'metrics.target_value', 'metrics.comparison') }} as status
    from measured
    inner join {{ ref('int_metrics_shown') }} as metrics
        on measured.metric = metrics.metric
        and metrics.shown_on = 'weekly_view'
    inner join {{ ref('int_as_of_date') }} as as_of
        on measured.period_start_date <= as_of.as_of_date
    where measured.is_in_use

)

select * from final
