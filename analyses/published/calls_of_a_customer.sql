-- What did each call of one customer really cost?
--
-- Parameters: customer_id (the one with the highest AI cost of the month), month, any day of it (the last complete
-- month).
-- Read it: a row is a call, the dearest first, at effective cost: as billed, with its shares of machines, databases and
-- training. computed_cost_usd beside it is what prices say, before bills.
-- Traps: calls are attempts: count inferences by is_inference, delivered ones by is_successful. A call without a price
-- (pricing_status unpriced) carries only its shares of bills. A bill for the customer that no call carries is not here:
-- customer_margins_monthly has it.
with

months as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

params as (

    select
        months.month_date,
        coalesce(
            cast(getvariable('customer_id') as varchar), max_by(margins.customer_id, margins.ai_cost_usd)
        ) as customer_id
    from months
    left join marts.customer_margins_monthly as margins
        on months.month_date = margins.period_start_date and margins.customer_id not in ('unattributed', 'internal')
    group by months.month_date

)

select
    calls.customer_id,
    calls.requested_at,
    calls.call_id,
    calls.feature,
    calls.step,
    calls.resolved_model,
    calls.service_tier,
    calls.status,
    calls.is_inference,
    calls.is_successful,
    calls.uncached_input_tokens + calls.cache_read_tokens + calls.cache_write_5m_tokens + calls.cache_write_1h_tokens
        as input_tokens,
    calls.output_tokens,
    round(calls.computed_cost_usd, 6) as computed_cost_usd,
    round(
        costs.ai_cost_usd - costs.fine_tuning_cost_usd
        - coalesce(costs.llm_api_cost_usd + costs.prompt_cache_cost_usd + costs.embedding_cost_usd, 0), 6
    ) as shared_cost_usd,
    round(costs.fine_tuning_cost_usd, 6) as fine_tuning_cost_usd,
    round(costs.ai_cost_usd, 6) as ai_cost_usd,
    costs.cost_status,
    calls.pricing_status
from marts.fct_inference_calls as calls
inner join params
    on
        calls.customer_id = params.customer_id
        and date_trunc('month', calls.usage_date) = params.month_date
inner join marts.fct_inference_costs as costs
    on calls.call_id = costs.call_id
order by
    costs.ai_cost_usd desc,
    calls.call_id asc
