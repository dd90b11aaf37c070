-- Seven numbers for the Monday meeting: this week, last week, target.
-- Grain: one row per period_start_date (Monday) and metric (7).
-- Internal use is left out. A week that is not over at as_of_date is marked. decisions.md, Weekly view.
with

usage_weekly as (

    select * from {{ ref('cost_per_inference') }}
    where period_grain = 'week'

),

margins as (

    select margins_weekly.*
    from {{ ref('customer_margins_weekly') }} as margins_weekly
    inner join {{ ref('dim_customers') }} as customers
        on margins_weekly.customer_id = customers.customer_id
    where not customers.is_internal

),

caches as (

    select * from {{ ref('cache_performance_weekly') }}

),

top_customers as (

    select * from {{ ref('int_top_customers_weekly') }}

),

active_users as (

    select distinct
        customer_id,
        user_id,
        cast({{ dbt.date_trunc('week', 'usage_date') }} as date) as period_start_date
    from {{ ref('int_active_users_daily') }}

),

metrics as (

    select * from {{ ref('metric_targets') }}
    where
        shown_on = 'weekly_view'
        and company_stage = '{{ var("company_stage") }}'

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

active_users_weekly as (

    select
        period_start_date,
        count(*) as active_user_count
    from active_users
    group by period_start_date

),

money_weekly as (

    select
        period_start_date,
        {{ cost_sum('revenue_usd') }} as revenue_usd,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd,
        {{ cost_sum('gross_profit_usd') }} as gross_profit_usd,
        {{ all_revenue_complete() }} as is_revenue_complete
    from margins
    group by period_start_date

),

tiers_weekly as (

    select
        period_start_date,
        {{ token_sum('successful_inference_count', "dimension = 'all'") }} as all_inference_count,
        {{ token_sum('successful_inference_count', "dimension = 'model_tier'") }} as mid_and_small_inference_count
    from usage_weekly
    where
        dimension = 'all'
        or (dimension = 'model_tier' and dimension_value in ('mid', 'small'))
    group by period_start_date

),

caches_weekly as (

    select
        period_start_date,
        {{ token_sum('cached_inference_count') }} as cached_inference_count,
        {{ token_sum('successful_inference_count') }} as successful_inference_count
    from caches
    group by period_start_date

),

measured as (

    select
        period_start_date,
        'total_inference_cost' as metric,
        inference_cost_usd as week_value
    from money_weekly

    union all

    select
        money_weekly.period_start_date,
        'cost_per_active_user' as metric,
        {{ ratio('money_weekly.inference_cost_usd', 'active_users_weekly.active_user_count') }} as week_value
    from money_weekly
    inner join active_users_weekly
        on money_weekly.period_start_date = active_users_weekly.period_start_date

    union all

    select
        period_start_date,
        'inference_cost_to_revenue' as metric,
        case when ai_revenue_usd > 0 then {{ ratio('inference_cost_usd', 'ai_revenue_usd') }} end as week_value
    from money_weekly

    union all

    select
        period_start_date,
        'gross_margin' as metric,
        case when revenue_usd > 0 then {{ ratio('gross_profit_usd', 'revenue_usd') }} end as week_value
    from money_weekly

    union all

    select
        period_start_date,
        'response_cache_hit' as metric,
        {{ ratio('cached_inference_count', 'successful_inference_count') }} as week_value
    from caches_weekly

    union all

    select
        period_start_date,
        'mid_and_small_models' as metric,
        {{ ratio('mid_and_small_inference_count', 'all_inference_count') }} as week_value
    from tiers_weekly

    union all

    -- Of a month's recurring revenue a week has 84 ÷ 365, the seven days of a twelfth of a year.
    select
        period_start_date,
        'top_20_cost_to_mrr' as metric,
        case when mrr_usd > 0 then {{ ratio('365 * ai_cost_usd', '84 * mrr_usd') }} end
            as week_value
    from top_customers

),

weeks as (

    select distinct
        dates.week_start_date as period_start_date,
        cast({{ dbt.dateadd('day', 6, 'dates.week_start_date') }} as date) <= as_of.as_of_date as is_complete
    from {{ ref('dim_dates') }} as dates
    inner join as_of
        on dates.week_start_date <= as_of.as_of_date
    inner join (
        select min(period_start_date) as first_week_date
        from usage_weekly
    ) as usage_start
        on dates.week_start_date >= usage_start.first_week_date

),

final as (

    select
        weeks.period_start_date,
        metrics.position,
        metrics.metric,
        metrics.metric_name,
        metrics.unit,
        case when metrics.comparison in ('<', '<=') then 'lower' else 'higher' end as direction,
        this_week.week_value as this_week_value,
        last_week.week_value as last_week_value,
        cast(metrics.target_value as decimal(28, 12)) as target_value,
        weeks.is_complete,
        coalesce(money_weekly.is_revenue_complete, true) as is_revenue_complete,
        {{ target_status('this_week.week_value', 'metrics.target_value', 'metrics.comparison') }} as status
    from weeks
    cross join metrics
    left join money_weekly
        on weeks.period_start_date = money_weekly.period_start_date
    left join measured as this_week
        on weeks.period_start_date = this_week.period_start_date
        and metrics.metric = this_week.metric
    left join measured as last_week
        on cast({{ dbt.dateadd('day', -7, 'weeks.period_start_date') }} as date) = last_week.period_start_date
        and metrics.metric = last_week.metric

)

select * from final
