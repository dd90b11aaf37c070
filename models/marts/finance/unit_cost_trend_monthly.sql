-- Where cost per inference is going, beside what list prices and evidence would have allowed.
-- Grain: one row per period_start_date.
-- A change is null without the month it compares with. decisions.md, Unit cost trend.
{% set horizons = [1, 3, 6, 12] %}
with

cpi as (

    -- Per 100,000 too, for comparing: of CPIs cut at a third, a fall of exactly 10 % would miss its band.
    select
        *,
        {{ ratio('100000 * ai_cost_usd', 'denominator_inference_count') }} as cost_per_100k_usd
    from {{ ref('cost_per_inference') }}
    where period_grain = 'month' and dimension = 'all'

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

by_horizon as (

    select
        cpi.period_start_date,
        horizons.horizon_months,
        {{ ratio('cpi.cost_per_100k_usd - earlier.cost_per_100k_usd', 'earlier.cost_per_100k_usd') }} as change,
        {{ ratio('market.priced_token_count', 'market.token_count') }} as market_coverage,
        case
            when {{ ratio('market.priced_token_count', 'market.token_count') }} >= {{ var('min_market_coverage_ratio') }}
                then {{ ratio('market.cost_now_usd - market.cost_then_usd', 'market.cost_then_usd') }}
        end as market_change,
        -- Where the index knows too little of the month's tokens, the usual fall of prices stands in.
        cast(coalesce(market_change, bands.high) as decimal(28, 12)) as benchmark,
        bands.low as healthy_low,
        bands.high as healthy_high
    from cpi
    cross join (values ({{ horizons | join('), (') }})) as horizons (horizon_months)
    left join cpi as earlier
        on cast({{ dbt.dateadd('month', '-1 * horizons.horizon_months', 'cpi.period_start_date') }} as date)
        = earlier.period_start_date
    left join {{ ref('int_market_costs_monthly') }} as market
        on cpi.period_start_date = market.period_start_date
        and horizons.horizon_months = market.horizon_months
    left join {{ ref('benchmarks') }} as bands
        on 'unit_cost_change_' || cast(horizons.horizon_months as string) || 'm' = bands.metric
        and bands.band = 'healthy'

),

pivoted as (

    select
        {% for months in horizons -%}
        {% for column in ['change', 'market_coverage', 'market_change', 'benchmark', 'healthy_low', 'healthy_high'] -%}
        max(case when horizon_months = {{ months }} then {{ column }} end) as {{ column }}_{{ months }}m_ratio,
        {% endfor -%}
        {% endfor -%}
        period_start_date
    from by_horizon
    group by period_start_date

),

final as (

    select
        cpi.period_start_date,
        cpi.cpi_usd,
        {% for column in ['change', 'market_change', 'market_coverage'] -%}
        {% for months in horizons -%}
        pivoted.{{ column }}_{{ months }}m_ratio,
        {% endfor -%}
        {% endfor -%}
        -- Of the horizon that decides the status.
        pivoted.market_coverage_3m_ratio as market_coverage_ratio,
        pivoted.benchmark_3m_ratio,
        pivoted.benchmark_6m_ratio,
        pivoted.benchmark_12m_ratio,
        {{ ratio('-1 * coalesce(premiums.premium_usd, 0)', 'computed.computed_cost_usd') }} as evidence_best_ratio,
        {{ ratio('margins.ai_cost_usd - margins_1m.ai_cost_usd', 'margins_1m.ai_cost_usd') }}
            as ai_cost_change_1m_ratio,
        {{ ratio('margins.ai_revenue_usd - margins_1m.ai_revenue_usd', 'margins_1m.ai_revenue_usd') }}
            as ai_revenue_change_1m_ratio,
        cpi.unpriced_ratio,
        cpi.unattributed_ratio,
        cpi.cost_status,
        ai_cost_change_1m_ratio > ai_revenue_change_1m_ratio as is_cost_outgrowing_revenue,
        {{ is_complete('cpi.period_start_date', 'month') }} as is_complete,
        coalesce(margins.is_revenue_complete, true) and coalesce(margins_1m.is_revenue_complete, true) as is_revenue_complete,
        case
            when pivoted.change_3m_ratio < pivoted.healthy_low_3m_ratio then 'ahead'
            when pivoted.change_3m_ratio >= 0 then 'flat_or_rising'
            when pivoted.change_3m_ratio is null then null
            when pivoted.healthy_low_3m_ratio is null or pivoted.healthy_high_3m_ratio is null then 'no_band'
            when pivoted.change_3m_ratio <= pivoted.healthy_high_3m_ratio then 'healthy'
            else 'slow'
        end as status,
        case
            when status = 'flat_or_rising' then 'audit models and prompts'
            when pivoted.change_3m_ratio > pivoted.benchmark_3m_ratio
                then 'evaluate alternatives: list prices fell faster'
            when pivoted.change_1m_ratio < 0 and is_cost_outgrowing_revenue
                then 'look for fixed cost or growth of usage: cost rises faster than revenue'
            when status <> 'no_band' then 'none'
        end as action
    from cpi
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on cpi.period_start_date <= as_of.as_of_date
    inner join pivoted
        on cpi.period_start_date = pivoted.period_start_date
    left join premiums
        on cpi.period_start_date = premiums.period_start_date
    left join computed
        on cpi.period_start_date = computed.period_start_date
    left join margins
        on cpi.period_start_date = margins.period_start_date
    left join margins as margins_1m
        on cast({{ dbt.dateadd('month', -1, 'cpi.period_start_date') }} as date) = margins_1m.period_start_date

)

select * from final
