-- Every signal of every month worked out again from the margin mart's customers: the rank correlation by the engine's own
-- `corr` (within a billionth, it is of doubles), the tenth that uses most, the spread between segments, each beside the
-- seed's threshold. A month with a paying customer that has no signal would look like one without a warning.
with

customers as (

    select
        margins.period_start_date,
        customers.segment,
        margins.successful_inference_count,
        margins.gross_margin_ratio,
        margins.gross_profit_usd,
        margins.revenue_usd,
        ntile(10) over (
            partition by margins.period_start_date
            order by margins.successful_inference_count asc nulls last, margins.customer_id asc nulls last
        ) as usage_decile
    from {{ ref('customer_margins_monthly') }} as margins
    inner join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id
    where
        margins.revenue_usd > 0
        and not customers.is_internal
        and margins.customer_id <> 'unattributed'

),

deciles as (

    select
        period_start_date,
        usage_decile,
        count(*) as customer_count,
        {{ ratio('sum(gross_profit_usd)', 'sum(revenue_usd)') }} as margin_ratio
    from customers
    group by
        period_start_date,
        usage_decile

),

segments as (

    select
        period_start_date,
        segment,
        count(*) as customer_count,
        {{ ratio('sum(gross_profit_usd)', 'sum(revenue_usd)') }} as margin_ratio
    from customers
    where segment <> 'unattributed'
    group by
        period_start_date,
        segment

),

points as (

    {% for scope in ["'all'", "'segment: ' || segment"] -%}
    select
        period_start_date,
        {{ scope }} as scope,
        successful_inference_count as usage_value,
        gross_margin_ratio as margin_value,
        1 as customer_count
    from customers

    union all

    {% endfor -%}
    select
        period_start_date,
        'usage_decile' as scope,
        usage_decile as usage_value,
        margin_ratio as margin_value,
        customer_count
    from deciles

),

ranked as (

    select
        period_start_date,
        scope,
        customer_count,
        {% for value in ['usage_value', 'margin_value'] -%}
        -- Equal values share the mean of their ranks.
        cast(
            2 * rank() over (partition by period_start_date, scope order by {{ value }} asc nulls last)
            + count(*) over (partition by period_start_date, scope, {{ value }})
        as double) as {{ value }}_rank{{ ',' if not loop.last }}
        {% endfor %}
    from points

),

expected as (

    select
        period_start_date,
        'margin_falls_with_usage' as signal,
        scope,
        'margin_usage_correlation' as metric,
        sum(customer_count) as customer_count,
        case
            when min(usage_value_rank) < max(usage_value_rank) and min(margin_value_rank) < max(margin_value_rank)
                then corr(usage_value_rank, margin_value_rank)
        end as signal_value
    from ranked
    group by
        period_start_date,
        scope

    union all

    select
        period_start_date,
        'large_users_lose' as signal,
        'usage_decile' as scope,
        'largest_users_margin' as metric,
        sum(customer_count) as customer_count,
        cast(max(case when usage_decile = 10 then margin_ratio end) as double) as signal_value
    from deciles
    group by period_start_date

    union all

    select
        period_start_date,
        'segments_far_apart' as signal,
        'segment' as scope,
        'segment_margin_spread' as metric,
        sum(customer_count) as customer_count,
        cast(case when count(*) > 1 then max(margin_ratio) - min(margin_ratio) end as double) as signal_value
    from segments
    group by period_start_date

),

actual as (

    select * from {{ ref('margin_signals_monthly') }}

)

select
    coalesce(expected.period_start_date, actual.period_start_date) as period_start_date,
    coalesce(expected.signal, actual.signal) as signal,
    coalesce(expected.scope, actual.scope) as scope,
    expected.signal_value as expected_value,
    actual.value
from expected
full outer join actual
    on expected.period_start_date = actual.period_start_date
    and expected.signal = actual.signal
    and expected.scope = actual.scope
left join {{ ref('benchmarks') }} as thresholds
    on
        expected.metric = thresholds.metric
        and thresholds.band = 'signal'
where
    expected.customer_count is distinct from actual.customer_count
    or actual.threshold is distinct from coalesce(thresholds.low, thresholds.high)
    or (expected.signal_value is null) <> (actual.value is null)
    or abs(expected.signal_value - cast(actual.value as double))
    > 0.000000001 * greatest(1, abs(expected.signal_value))
