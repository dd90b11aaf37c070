-- Cost per inference of every month straight from the daily fact, each change from the month it leads back to, each
-- index from the repriced tokens, and where it knows too little of them the fall the seed calls usual.
{% set horizons = [1, 3, 6, 12] %}
with

facts as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        {{ ratio('sum(usage_daily.ai_cost_usd)', 'sum(usage_daily.successful_inference_count)') }} as cpi_usd,
        {{ ratio('100000 * sum(usage_daily.ai_cost_usd)', 'sum(usage_daily.successful_inference_count)') }} as per_100k_usd,
        {{ ratio('sum(usage_daily.unpriced_call_count)', 'sum(usage_daily.call_count)') }} as unpriced_ratio,
        {{ ratio(
            cost_sum('usage_daily.ai_cost_usd', "usage_daily.customer_id = 'unattributed'"), 'sum(usage_daily.ai_cost_usd)'
        ) }} as unattributed_ratio,
        {{ cost_sum('usage_daily.computed_cost_usd') }} as computed_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date

),

margins as (

    select * from {{ ref('gross_margin_monthly') }}
    where dimension = 'all'

),

premiums as (

    select
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        {{ cost_sum('premium_usd') }} as premium_usd
    from {{ ref('int_downgrade_premiums') }}
    group by period_start_date

),

actual as (

    select * from {{ ref('unit_cost_trend_monthly') }}

)

select
    coalesce(facts.period_start_date, actual.period_start_date) as period_start_date,
    facts.cpi_usd,
    actual.cpi_usd as trend_cpi_usd
from facts
full outer join actual
    on facts.period_start_date = actual.period_start_date
{% for months in horizons -%}
left join facts as facts_{{ months }}m
    on cast({{ dbt.dateadd('month', -1 * months, 'actual.period_start_date') }} as date)
    = facts_{{ months }}m.period_start_date
left join {{ ref('int_market_costs_monthly') }} as market_{{ months }}m
    on actual.period_start_date = market_{{ months }}m.period_start_date
    and market_{{ months }}m.horizon_months = {{ months }}
left join {{ ref('benchmarks') }} as bands_{{ months }}m
    on bands_{{ months }}m.metric = 'unit_cost_change_{{ months }}m'
    and bands_{{ months }}m.band = 'healthy'
{% endfor -%}
left join margins
    on actual.period_start_date = margins.period_start_date
left join margins as margins_1m
    on cast({{ dbt.dateadd('month', -1, 'actual.period_start_date') }} as date) = margins_1m.period_start_date
left join premiums
    on actual.period_start_date = premiums.period_start_date
where
    coalesce(facts.period_start_date, actual.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        facts.cpi_usd is distinct from actual.cpi_usd
        or facts.unpriced_ratio is distinct from actual.unpriced_ratio
        or facts.unattributed_ratio is distinct from actual.unattributed_ratio
        {% for months in horizons -%}
        {% set market = 'market_%sm' % months -%}
        {% set coverage = ratio(market ~ '.priced_token_count', market ~ '.token_count') -%}
        or actual.change_{{ months }}m_ratio is distinct from {{ ratio(
            'facts.per_100k_usd - facts_%sm.per_100k_usd' % months, 'facts_%sm.per_100k_usd' % months
        ) }}
        or actual.market_coverage_{{ months }}m_ratio is distinct from {{ coverage }}
        or actual.market_change_{{ months }}m_ratio is distinct from
        case
            when {{ coverage }} >= {{ var('min_market_coverage_ratio') }}
                then {{ ratio(market ~ '.cost_now_usd - ' ~ market ~ '.cost_then_usd', market ~ '.cost_then_usd') }}
        end
        {% if months > 1 -%}
        or actual.benchmark_{{ months }}m_ratio
        is distinct from coalesce(actual.market_change_{{ months }}m_ratio, bands_{{ months }}m.high)
        {% endif -%}
        {% endfor -%}
        or actual.market_coverage_ratio is distinct from actual.market_coverage_3m_ratio
        or actual.evidence_best_ratio
        is distinct from {{ ratio('-1 * coalesce(premiums.premium_usd, 0)', 'facts.computed_cost_usd') }}
        or actual.ai_cost_change_1m_ratio
        is distinct from {{ ratio('margins.ai_cost_usd - margins_1m.ai_cost_usd', 'margins_1m.ai_cost_usd') }}
        or actual.ai_revenue_change_1m_ratio
        is distinct from {{ ratio('margins.ai_revenue_usd - margins_1m.ai_revenue_usd', 'margins_1m.ai_revenue_usd') }}
    )
