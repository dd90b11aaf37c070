-- Every number of the scorecard is the one its mart shows for that period, or showed for one before; targets are those
-- of the seed for the company's stage; and there are eight rows.
with

marts as (

    select
        'cost_per_inference' as metric,
        period_start_date,
        cpi_usd as mart_value
    from {{ ref('cost_per_inference') }}
    where
        period_grain = 'week'
        and dimension = 'all'

    union all

    select
        'gross_margin' as metric,
        margins.period_start_date,
        case
            when sum(margins.revenue_usd) > 0
                then {{ ratio('sum(margins.gross_profit_usd)', 'sum(margins.revenue_usd)') }}
        end as mart_value
    from {{ ref('customer_margins_weekly') }} as margins
    inner join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id
    where not customers.is_internal
    group by margins.period_start_date

    union all

    select
        'unit_cost_trend' as metric,
        period_start_date,
        change_3m_ratio as mart_value
    from {{ ref('unit_cost_trend_monthly') }}

    union all

    select
        'adjusted_cac' as metric,
        cohort_month_date as period_start_date,
        adjusted_cac_usd as mart_value
    from {{ ref('acquisition_cohorts_monthly') }}
    where channel = 'all'

    union all

    select
        'data_flywheel' as metric,
        released_date as period_start_date,
        improvement_per_10k_users_ratio as mart_value
    from {{ ref('data_flywheel') }}

    union all

    select
        'prompt_efficiency' as metric,
        period_start_date,
        avg_total_tokens as mart_value
    from {{ ref('prompt_efficiency_weekly') }}
    where use_case = 'all'

    union all

    select
        'inference_efficiency' as metric,
        period_start_date,
        ier as mart_value
    from {{ ref('inference_efficiency_monthly') }}
    where
        dimension = 'all'
        and not is_forecast

    union all

    select
        'downgrade_tolerance' as metric,
        scorecard.period_start_date,
        tolerance.tolerance_ratio as mart_value
    from {{ ref('downgrade_tolerance') }} as tolerance
    inner join {{ ref('scorecard') }} as scorecard
        on scorecard.metric = 'downgrade_tolerance'
    where tolerance.use_case = 'all'

),

wrong_values as (

    select scorecard.metric
    from {{ ref('scorecard') }} as scorecard
    where
        scorecard.current_value is not null
        and not exists (
            select 1
            from marts
            where
                scorecard.metric = marts.metric
                and scorecard.period_start_date = marts.period_start_date
                and scorecard.current_value = marts.mart_value
        )

),

wrong_previous as (

    select scorecard.metric
    from {{ ref('scorecard') }} as scorecard
    where
        scorecard.previous_value is not null
        and not exists (
            select 1
            from marts
            where
                scorecard.metric = marts.metric
                -- A metric without a value now names no period.
                and coalesce(scorecard.period_start_date > marts.period_start_date, true)
                and scorecard.previous_value = marts.mart_value
        )

),

wrong_targets as (

    select scorecard.metric
    from {{ ref('scorecard') }} as scorecard
    left join {{ ref('metric_targets') }} as targets
        on scorecard.metric = targets.metric
        and targets.shown_on = 'scorecard'
        and targets.company_stage = '{{ var("company_stage") }}'
    -- The seed leaves the target of this one to the zones.
    left join {{ ref('benchmarks') }} as zones
        on scorecard.metric = 'inference_efficiency'
        and zones.metric = 'ier_{{ var("ai_business") }}'
        and zones.band = 'healthy'
    where
        scorecard.target_value is distinct from coalesce(targets.target_value, zones.low)
        or scorecard.position is distinct from targets.position

),

wrong_count as (

    select 'eight metrics' as metric
    from {{ ref('scorecard') }}
    having count(*) <> 8

)

select * from wrong_values
union all
select * from wrong_previous
union all
select * from wrong_targets
union all
select * from wrong_count
