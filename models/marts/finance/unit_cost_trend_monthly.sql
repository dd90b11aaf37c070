-- Where cost per inference is going, beside what list prices and evidence would have allowed.
-- Grain: one row per period_start_date.
-- A change is null without the month it compares with. decisions.md, Unit cost trend.
{% set horizons = [1, 3, 6, 12] %}
with

cpi as (

    select * from {{ ref('cost_per_inference') }}
    where
        period_grain = 'month'
        and dimension = 'all'

),

margins as (

    select * from {{ ref('gross_margin_monthly') }}
    where dimension = 'all'

),

market_costs as (

    select * from {{ ref('int_market_costs_monthly') }}

),

bands as (

    select * from {{ ref('benchmarks') }}
    where
        metric in ('unit_cost_change_3m', 'unit_cost_change_6m', 'unit_cost_change_12m')
        and band = 'healthy'

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

market as (

    select
        period_start_date,
        {% for months in horizons -%}
        {{ ratio(
            'max(case when horizon_months = %d then priced_token_count end)' % months,
            'max(case when horizon_months = %d then token_count end)' % months
        ) }} as market_coverage_{{ months }}m_ratio,
        {{ ratio(
            'max(case when horizon_months = %d then cost_now_usd - cost_then_usd end)' % months,
            'max(case when horizon_months = %d then cost_then_usd end)' % months
        ) }} as market_{{ months }}m_ratio{{ ',' if not loop.last }}
        {% endfor %}
    from market_costs
    group by period_start_date

),

premiums_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        {{ cost_sum('premium_usd') }} as premium_usd
    from {{ ref('int_downgrade_premiums') }}
    group by period_start_date

),

computed as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        {{ cost_sum('usage_daily.computed_cost_usd') }} as computed_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date

),

changes as (

    select
        cpi.period_start_date,
        cpi.cpi_usd,
        {% for months in horizons -%}
        {{ ratio(
            'cpi.cpi_usd - cpi_%dm.cpi_usd' % months, 'cpi_%dm.cpi_usd' % months
        ) }} as change_{{ months }}m_ratio,
        {% endfor -%}
        {% for months in horizons -%}
        case
            when market.market_coverage_{{ months }}m_ratio >= {{ var('min_market_coverage_ratio') }}
                then market.market_{{ months }}m_ratio
        end as market_change_{{ months }}m_ratio,
        market.market_coverage_{{ months }}m_ratio,
        {% endfor -%}
        {{ ratio('-1 * coalesce(premiums_monthly.premium_usd, 0)', 'computed.computed_cost_usd') }}
            as evidence_best_ratio,
        {{ ratio('margins.ai_cost_usd - margins_1m.ai_cost_usd', 'margins_1m.ai_cost_usd') }}
            as ai_cost_change_1m_ratio,
        {{ ratio('margins.ai_revenue_usd - margins_1m.ai_revenue_usd', 'margins_1m.ai_revenue_usd') }}
            as ai_revenue_change_1m_ratio,
        cpi.unpriced_ratio,
        cpi.unattributed_ratio,
        cpi.cost_status,
        {{ is_complete('cpi.period_start_date', 'month') }} as is_complete
    from cpi
    -- No period after as_of_date has a row.
    inner join as_of
        on cpi.period_start_date <= as_of.as_of_date
    {% for months in horizons -%}
    left join cpi as cpi_{{ months }}m
        on cast({{ dbt.dateadd('month', -1 * months, 'cpi.period_start_date') }} as date)
        = cpi_{{ months }}m.period_start_date
    {% endfor -%}
    left join market
        on cpi.period_start_date = market.period_start_date
    left join premiums_monthly
        on cpi.period_start_date = premiums_monthly.period_start_date
    left join computed
        on cpi.period_start_date = computed.period_start_date
    left join margins
        on cpi.period_start_date = margins.period_start_date
    left join margins as margins_1m
        on cast({{ dbt.dateadd('month', -1, 'cpi.period_start_date') }} as date) = margins_1m.period_start_date

),

compared as (

    select
        changes.*,
        -- Where the index knows too little of the month's tokens, the usual fall of prices stands in.
        {% for months in horizons if months > 1 -%}
        cast(coalesce(changes.market_change_{{ months }}m_ratio, bands_{{ months }}m.high) as decimal(28, 12))
            as benchmark_{{ months }}m_ratio,
        {% endfor -%}
        changes.ai_cost_change_1m_ratio > changes.ai_revenue_change_1m_ratio as is_cost_outgrowing_revenue,
        case
            when changes.change_3m_ratio < bands_3m.low then 'ahead'
            when changes.change_3m_ratio >= 0 then 'flat_or_rising'
            when changes.change_3m_ratio is null then null
            when bands_3m.low is null or bands_3m.high is null then 'no_band'
            when changes.change_3m_ratio <= bands_3m.high then 'healthy'
            else 'slow'
        end as status
    from changes
    {% for months in horizons if months > 1 -%}
    left join bands as bands_{{ months }}m
        on bands_{{ months }}m.metric = 'unit_cost_change_{{ months }}m'
    {% endfor %}
),

final as (

    select
        period_start_date,
        cpi_usd,
        {% for months in horizons -%}
        change_{{ months }}m_ratio,
        {% endfor -%}
        {% for months in horizons -%}
        market_change_{{ months }}m_ratio,
        {% endfor -%}
        {% for months in horizons -%}
        market_coverage_{{ months }}m_ratio,
        {% endfor -%}
        -- Of the horizon that decides the status.
        market_coverage_3m_ratio as market_coverage_ratio,
        {% for months in horizons if months > 1 -%}
        benchmark_{{ months }}m_ratio,
        {% endfor -%}
        evidence_best_ratio,
        ai_cost_change_1m_ratio,
        ai_revenue_change_1m_ratio,
        unpriced_ratio,
        unattributed_ratio,
        cost_status,
        is_cost_outgrowing_revenue,
        is_complete,
        status,
        case
            when status = 'flat_or_rising' then 'audit models and prompts'
            when change_3m_ratio > benchmark_3m_ratio then 'evaluate alternatives: list prices fell faster'
            when change_1m_ratio < 0 and is_cost_outgrowing_revenue
                then 'look for fixed cost or growth of usage: cost rises faster than revenue'
            when status <> 'no_band' then 'none'
        end as action
    from compared

)

select * from final
