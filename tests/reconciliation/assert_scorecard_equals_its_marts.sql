-- Every number of the scorecard is the one its mart shows for that period, with what is unpriced and nobody's of it, or
-- showed for one before; targets are those of the seed for the company's stage; and there are eight rows.
{% set no_trust %}
        cast(null as decimal(28, 12)) as unpriced_ratio,
        cast(null as decimal(28, 12)) as unattributed_ratio
{%- endset %}
with

usage_weekly as (

    select * from {{ ref('cost_per_inference') }}
    where
        period_grain = 'week'
        and dimension = 'all'

),

marts as (

    select
        'cost_per_inference' as metric,
        period_start_date,
        cpi_usd as mart_value,
        unpriced_ratio,
        unattributed_ratio
    from usage_weekly

    union all

    select
        'gross_margin' as metric,
        margins.period_start_date,
        case
            when sum(margins.revenue_usd) > 0
                then {{ ratio('sum(margins.gross_profit_usd)', 'sum(margins.revenue_usd)') }}
        end as mart_value,
        max(usage_weekly.unpriced_ratio) as unpriced_ratio,
        max(usage_weekly.unattributed_ratio) as unattributed_ratio
    from {{ ref('customer_margins_weekly') }} as margins
    inner join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id
    left join usage_weekly
        on margins.period_start_date = usage_weekly.period_start_date
    where not customers.is_internal
    group by margins.period_start_date

    union all

    select
        'unit_cost_trend' as metric,
        period_start_date,
        change_3m_ratio as mart_value,
        unpriced_ratio,
        unattributed_ratio
    from {{ ref('unit_cost_trend_monthly') }}

    union all

    select
        'adjusted_cac' as metric,
        cohort_month_date as period_start_date,
        adjusted_cac_usd as mart_value,
        {{- no_trust }}
    from {{ ref('acquisition_cohorts_monthly') }}
    where channel = 'all'

    union all

    select
        'data_flywheel' as metric,
        released_date as period_start_date,
        improvement_per_10k_users_ratio as mart_value,
        {{- no_trust }}
    from {{ ref('data_flywheel') }}

    union all

    select
        'prompt_efficiency' as metric,
        period_start_date,
        avg_total_tokens as mart_value,
        {{- no_trust }}
    from {{ ref('prompt_efficiency_weekly') }}
    where use_case = 'all'

    union all

    select
        'inference_efficiency' as metric,
        efficiency.period_start_date,
        efficiency.ier as mart_value,
        margins.unpriced_ratio,
        margins.unattributed_ratio
    from {{ ref('inference_efficiency_monthly') }} as efficiency
    left join {{ ref('gross_margin_monthly') }} as margins
        on
            efficiency.period_start_date = margins.period_start_date
            and efficiency.dimension = margins.dimension
    where
        efficiency.dimension = 'all'
        and not efficiency.is_forecast

    union all

    select
        'downgrade_tolerance' as metric,
        scorecard.period_start_date,
        tolerance.tolerance_ratio as mart_value,
        {{ ratio('tolerance.unpriced_call_count', 'tolerance.eligible_call_count') }} as unpriced_ratio,
        cast(null as decimal(28, 12)) as unattributed_ratio
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
                and scorecard.unpriced_ratio is not distinct from marts.unpriced_ratio
                and scorecard.unattributed_ratio is not distinct from marts.unattributed_ratio
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
        or scorecard.position <> targets.position

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
