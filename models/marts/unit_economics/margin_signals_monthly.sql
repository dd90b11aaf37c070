-- Signs that the price does not follow the cost: margin that falls with usage, large users who lose money, segments far
-- apart.
-- Grain: one row per period_start_date, signal and scope (all, usage_decile, segment, or segment: and its name).
-- Customers with revenue in the month; unattributed, internal and internal accounts stand aside. Deciles are by
-- successful inferences, ties by id.
with

customers as (

    select
        margins.period_start_date,
        margins.customer_id,
        dim_customers.segment,
        margins.successful_inference_count,
        margins.revenue_usd,
        margins.gross_profit_usd,
        margins.gross_margin_ratio,
        ntile(10) over (
            partition by margins.period_start_date
            order by margins.successful_inference_count asc nulls last, margins.customer_id asc nulls last
        ) as usage_decile
    from {{ ref('int_customer_margins') }} as margins
    inner join {{ ref('dim_customers') }} as dim_customers
        on margins.customer_id = dim_customers.customer_id
    where
        margins.period_grain = 'month'
        and margins.revenue_usd > 0
        and not dim_customers.is_internal
        and margins.customer_id <> 'unattributed'

),

deciles as (

    select
        period_start_date,
        usage_decile,
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
        {{ ratio('sum(gross_profit_usd)', 'sum(revenue_usd)') }} as segment_margin_ratio
    from customers
    where segment <> 'unattributed'
    group by
        period_start_date,
        segment

),

points as (

    select
        period_start_date,
        'all' as scope,
        cast(successful_inference_count as bigint) as usage_value,
        gross_margin_ratio as margin_value
    from customers

    union all

    select
        period_start_date,
        'segment: ' || segment as scope,
        cast(successful_inference_count as bigint) as usage_value,
        gross_margin_ratio as margin_value
    from customers

    union all

    select
        period_start_date,
        'usage_decile' as scope,
        cast(usage_decile as bigint) as usage_value,
        decile_margin_ratio as margin_value
    from deciles

),

ranks as (

    -- Twice the rank, so that the mean rank of equal values is whole.
    select
        period_start_date,
        scope,
        {% for value in ['usage', 'margin'] -%}
        cast(
            2 * rank() over (
                partition by period_start_date, scope
                order by {{ value }}_value asc nulls last
            )
            + count(*) over (partition by period_start_date, scope, {{ value }}_value) - 1
        as decimal(13, 0)) as {{ value }}_rank{{ ',' if not loop.last }}
        {% endfor %}
    from points

),

rank_sums as (

    select
        period_start_date,
        scope,
        cast(count(*) as decimal(9, 0)) as point_count,
        cast(sum(usage_rank) as decimal(18, 0)) as usage_sum,
        cast(sum(margin_rank) as decimal(18, 0)) as margin_sum,
        cast(sum(usage_rank * usage_rank) as decimal(27, 0)) as usage_square_sum,
        cast(sum(margin_rank * margin_rank) as decimal(27, 0)) as margin_square_sum,
        cast(sum(usage_rank * margin_rank) as decimal(27, 0)) as product_sum
    from ranks
    group by
        period_start_date,
        scope

),

spreads as (

    select
        period_start_date,
        scope,
        cast(point_count * product_sum as decimal(36, 0)) - cast(usage_sum * margin_sum as decimal(36, 0))
            as covariance,
        cast(point_count * usage_square_sum as decimal(36, 0)) - cast(usage_sum * usage_sum as decimal(36, 0))
            as usage_spread,
        cast(point_count * margin_square_sum as decimal(36, 0)) - cast(margin_sum * margin_sum as decimal(36, 0))
            as margin_spread
    from rank_sums

),

signals as (

    -- Spearman's rank correlation.
    select
        period_start_date,
        'margin_falls_with_usage' as signal,
        scope,
        'margin_usage_correlation' as metric,
        case
            when usage_spread > 0 and margin_spread > 0
                then cast(
                    cast(covariance as double) / sqrt(cast(usage_spread as double) * cast(margin_spread as double))
                as decimal(28, 9))
        end as signal_value,
        true as has_positive_side
    from spreads

    union all

    select
        period_start_date,
        'large_users_lose' as signal,
        'usage_decile' as scope,
        'largest_users_margin' as metric,
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
        case when count(*) > 1 then max(segment_margin_ratio) - min(segment_margin_ratio) end as signal_value,
        true as has_positive_side
    from segments
    group by period_start_date

),

actions as (

    select *
    from (
        values
        ('margin_falls_with_usage', 'usage-based or hybrid pricing (base + overage)'),
        ('large_users_lose', 'usage tiers or throttling'),
        ('segments_far_apart', 'pricing by segment')
    ) as named_actions (signal, action)

)

select
    signals.period_start_date,
    signals.signal,
    signals.scope,
    cast(signals.signal_value as decimal(28, 12)) as value,
    cast(coalesce(thresholds.low, thresholds.high) as decimal(28, 12)) as threshold,
    coalesce(
        signals.has_positive_side
        and (signals.signal_value > thresholds.low or signals.signal_value < thresholds.high),
        false
    ) as is_firing,
    actions.action
from signals
inner join actions
    on signals.signal = actions.signal
left join {{ ref('benchmarks') }} as thresholds
    on
        signals.metric = thresholds.metric
        and thresholds.band = 'signal'
