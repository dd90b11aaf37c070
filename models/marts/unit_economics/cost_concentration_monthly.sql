-- How much of cost, revenue and use the customers with the highest AI cost make up.
-- Grain: one row per period_start_date and top_percent (1, 5, 10, 20).
-- Customers are those with calls or AI cost in the month; unattributed, internal and internal accounts stand aside.
with

margins as (

    select
        margins.period_start_date,
        margins.customer_id,
        margins.call_count,
        margins.unpriced_call_count,
        margins.successful_inference_count,
        margins.revenue_usd,
        margins.ai_cost_usd,
        margins.cost_status,
        margins.is_revenue_complete
    from {{ ref('int_customer_margins') }} as margins
    inner join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id
    where
        margins.period_grain = 'month'
        and not customers.is_internal
        and margins.customer_id <> 'unattributed'

),

totals as (

    select
        period_start_date,
        {{ token_sum('1', 'call_count > 0 or ai_cost_usd <> 0') }} as all_customer_count,
        {{ token_sum('successful_inference_count') }} as all_inference_count,
        {{ cost_sum('revenue_usd') }} as all_revenue_usd,
        {{ cost_sum('ai_cost_usd') }} as all_ai_cost_usd,
        {{ all_revenue_complete() }} as is_revenue_complete
    from margins
    group by period_start_date

),

ranked as (

    select
        margins.*,
        {{ money('coalesce(mrr.mrr_usd, 0)') }} as mrr_usd,
        row_number() over (
            partition by margins.period_start_date
            order by margins.ai_cost_usd desc nulls last, margins.customer_id asc nulls last
        ) as cost_rank
    from margins
    left join {{ ref('int_customer_mrr') }} as mrr
        on
            margins.period_start_date = mrr.period_start_date
            and margins.customer_id = mrr.customer_id
            and mrr.period_grain = 'month'
    where margins.call_count > 0 or margins.ai_cost_usd <> 0

),

tops as (

    -- ⌈customers × percent ÷ 100⌉ of them: a rank is in while the ranks before it are fewer than that share.
    select
        ranked.period_start_date,
        percents.top_percent,
        count(*) as customer_count,
        {{ token_sum('ranked.successful_inference_count') }} as successful_inference_count,
        {{ cost_sum('ranked.revenue_usd') }} as revenue_usd,
        {{ cost_sum('ranked.ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('ranked.mrr_usd') }} as mrr_usd,
        {{ ratio('sum(ranked.unpriced_call_count)', 'sum(ranked.call_count)') }} as unpriced_ratio,
        {{ weakest_cost_status('ranked.cost_status') }} as cost_status
    from ranked
    inner join totals
        on ranked.period_start_date = totals.period_start_date
    inner join (values (1), (5), (10), (20)) as percents (top_percent)
        on (ranked.cost_rank - 1) * 100 < totals.all_customer_count * percents.top_percent
    group by
        ranked.period_start_date,
        percents.top_percent

),

final as (

    select
        tops.period_start_date,
        cast(tops.top_percent as bigint) as top_percent,
        cast(tops.customer_count as bigint) as customer_count,
        totals.all_customer_count,
        tops.successful_inference_count,
        tops.ai_cost_usd,
        tops.revenue_usd,
        tops.mrr_usd,
        {{ ratio('tops.ai_cost_usd', 'totals.all_ai_cost_usd') }} as cost_ratio,
        cast(typical.low as decimal(28, 12)) as typical_low_ratio,
        cast(typical.high as decimal(28, 12)) as typical_high_ratio,
        case
            when totals.all_revenue_usd > 0 then {{ ratio('tops.revenue_usd', 'totals.all_revenue_usd') }}
        end as revenue_ratio,
        {{ ratio('tops.successful_inference_count', 'totals.all_inference_count') }} as inference_ratio,
        case when tops.mrr_usd > 0 then {{ ratio('tops.ai_cost_usd', 'tops.mrr_usd') }} end as cost_to_mrr_ratio,
        tops.unpriced_ratio,
        tops.cost_status,
        {{ is_complete('tops.period_start_date', 'month') }} as is_complete,
        totals.is_revenue_complete
    from tops
    inner join totals
        on tops.period_start_date = totals.period_start_date
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on tops.period_start_date <= as_of.as_of_date
    left join {{ ref('benchmarks') }} as typical
        on typical.metric = 'top_customers_cost'
        and typical.band = cast(tops.top_percent as string)

)

select * from final
