-- Signs that the price does not follow the cost: margin falls with usage, large users lose money, segments lie apart.
-- Grain: one row per period_start_date, signal and scope (all, usage_decile, segment, or segment: and its name).
-- Below var min_signal_customers customers nothing fires: a few are no pattern.
with

customers as (

    select * from {{ ref('int_margins_by_usage_monthly') }}

),

deciles as (

    select
        period_start_date,
        usage_decile,
        cast(count(*) as bigint) as customer_count,
        {{ ratio('sum(gross_profit_usd)', 'sum(revenue_usd)') }} as decile_margin_ratio
    from customers
    group by
        period_start_date,
        usage_decile

),

segments as (

    select
        period_start_date,
        segment,
        cast(count(*) as bigint) as customer_count,
        {{ ratio('sum(gross_profit_usd)', 'sum(revenue_usd)') }} as segment_margin_ratio
    from customers
    where segment <> 'unattributed'
    group by
        period_start_date,
        segment

),

completeness as (

    {% for scope in ["'all'", "'usage_decile'", "'segment'", "'segment: ' || segment"] -%}
    select
        period_start_date,
        {{ scope }} as scope,
        {{ all_revenue_complete() }} as is_revenue_complete
    from customers
    group by
        period_start_date,
        {{ scope }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

signals as (

    select
        period_start_date,
        'margin_falls_with_usage' as signal,
        scope,
        'margin_usage_correlation' as metric,
        customer_count,
        correlation as signal_value,
        true as has_positive_side
    from {{ ref('int_margin_correlations_monthly') }}

    union all

    select
        period_start_date,
        'large_users_lose' as signal,
        'usage_decile' as scope,
        'largest_users_margin' as metric,
        {{ token_sum('customer_count') }} as customer_count,
        max(case when usage_decile = 10 then decile_margin_ratio end) as signal_value,
        coalesce(max(case when usage_decile = 1 then decile_margin_ratio end) > 0, false) as has_positive_side
    from deciles
    group by period_start_date

    union all

    select
        period_start_date,
        'segments_far_apart' as signal,
        'segment' as scope,
        'segment_margin_spread' as metric,
        {{ token_sum('customer_count') }} as customer_count,
        case when count(*) > 1 then max(segment_margin_ratio) - min(segment_margin_ratio) end as signal_value,
        true as has_positive_side
    from segments
    group by period_start_date

),

actions as (

    select * from (
        values
        ('margin_falls_with_usage', 'usage-based or hybrid pricing (base + overage)'),
        ('large_users_lose', 'usage tiers or throttling'),
        ('segments_far_apart', 'pricing by segment')
    ) as named_actions (signal, action)

),

final as (

    select
        signals.period_start_date,
        signals.signal,
        signals.scope,
        signals.customer_count,
        cast(signals.signal_value as decimal(28, 12)) as value,
        cast(coalesce(thresholds.low, thresholds.high) as decimal(28, 12)) as threshold,
        -- Without a threshold nobody knows.
        case
            when coalesce(thresholds.low, thresholds.high) is not null
                then coalesce(
                    signals.has_positive_side
                    and signals.customer_count >= {{ var('min_signal_customers') }}
                    and (signals.signal_value > thresholds.low or signals.signal_value < thresholds.high),
                    false
                )
        end as is_firing,
        case
            when coalesce(thresholds.low, thresholds.high) is null then 'no_threshold'
            when signals.signal_value is null then 'no_data'
            when signals.customer_count < {{ var('min_signal_customers') }} then 'few_customers'
            else 'judged'
        end as status,
        actions.action,
        {{ is_complete('signals.period_start_date', 'month') }} as is_complete,
        completeness.is_revenue_complete
    from signals
    inner join {{ ref('int_as_of_date') }} as as_of
        on signals.period_start_date <= as_of.as_of_date
    inner join actions
        on signals.signal = actions.signal
    inner join completeness
        on signals.period_start_date = completeness.period_start_date
        and signals.scope = completeness.scope
    left join {{ ref('benchmarks') }} as thresholds
        on
            signals.metric = thresholds.metric
            and thresholds.band = 'signal'

)

select * from final
