-- Nobody wasted more than was computed for their calls, nor more calls than they made; and the ledger adds up to the
-- classified calls. What a bill makes of it is bounded alone, by the most that a bill may raise a cost: a correction may
-- turn a cost, and its waste, negative.
with

usage_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        customer_id,
        {{ token_sum('call_count') }} as call_count,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from {{ ref('fct_usage_daily') }}
    group by
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date),
        customer_id

),

ledger as (

    select
        period_start_date,
        customer_id,
        {{ token_sum('call_count') }} as call_count,
        {{ token_sum('unpriced_call_count') }} as unpriced_call_count,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd,
        count(*) filter (
            where unpriced_ratio is distinct from {{ ratio('unpriced_call_count', 'call_count') }}
            or cost_usd > computed_cost_usd * {{ var('max_true_up_factor') }} + 0.000001
        ) as broken_row_count
    from {{ ref('waste_ledger_monthly') }}
    where status = 'available'
    group by
        period_start_date,
        customer_id

),

classified as (

    select
        cast({{ dbt.date_trunc('month', 'wasted.usage_date') }} as date) as period_start_date,
        wasted.customer_id,
        {{ token_sum('wasted.call_count') }} as call_count,
        {{ token_sum('wasted.unpriced_call_count') }} as unpriced_call_count,
        {{ cost_sum('wasted.wasted_cost_usd') }} as computed_cost_usd
    from {{ ref('int_calls_wasted_daily') }} as wasted
    inner join {{ ref('int_as_of_date') }} as as_of
        on cast({{ dbt.date_trunc('month', 'wasted.usage_date') }} as date) <= as_of.as_of_date
    group by
        cast({{ dbt.date_trunc('month', 'wasted.usage_date') }} as date),
        wasted.customer_id

)

select
    ledger.period_start_date,
    ledger.customer_id,
    ledger.computed_cost_usd as wasted_cost_usd,
    usage_monthly.computed_cost_usd,
    classified.computed_cost_usd as classified_cost_usd
from ledger
full outer join classified
    on ledger.period_start_date = classified.period_start_date
    and ledger.customer_id = classified.customer_id
left join usage_monthly
    on ledger.period_start_date = usage_monthly.period_start_date
    and ledger.customer_id = usage_monthly.customer_id
where
    ledger.broken_row_count > 0
    or ledger.call_count is distinct from classified.call_count
    or ledger.unpriced_call_count is distinct from classified.unpriced_call_count
    or ledger.computed_cost_usd is distinct from classified.computed_cost_usd
    or (ledger.computed_cost_usd <= usage_monthly.computed_cost_usd) is not true
    or (ledger.call_count <= usage_monthly.call_count) is not true
