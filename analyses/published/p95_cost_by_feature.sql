-- What do the dearest five in a hundred inferences cost, by feature?
--
-- Parameters: month, any day of it (the last complete month).
-- Read it: an inference costs all attempts of its request, as billed, with its shares of machines and databases. p95:
-- 95 % of the delivered inferences cost at most this. top_5_cost_ratio: the part of the cost that the others make.
-- Traps: percentiles never add up and never average: row `all` is worked out anew. Percentiles of calls would take
-- retries for inferences. Requests with an attempt without a price are left out. Support calls (embedding, retrieval)
-- are not in an inference here: the mean is below cpi_usd. Internal use is left out.
with

params as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

inferences as (

    select
        calls.request_id,
        calls.step,
        max(case when calls.is_successful then calls.feature end) as feature,
        max(case when calls.is_successful then calls.customer_id end) as customer_id,
        max(case when calls.is_successful then calls.usage_date end) as usage_date,
        sum(costs.ai_cost_usd) as cost_usd
    from marts.fct_inference_calls as calls
    inner join marts.fct_inference_costs as costs
        on calls.call_id = costs.call_id
    where calls.call_type not in ('embedding', 'retrieval', 'rerank', 'moderation')
    group by
        calls.request_id,
        calls.step
    having count(*) = count(calls.computed_cost_usd)

),

delivered as (

    select
        inferences.feature,
        inferences.request_id,
        inferences.step,
        inferences.cost_usd
    from inferences
    inner join params
        on params.month_date = date_trunc('month', inferences.usage_date)
    inner join marts.dim_customers as customers
        on inferences.customer_id = customers.customer_id
    where not customers.is_internal

    union all

    select
        'all' as feature,
        inferences.request_id,
        inferences.step,
        inferences.cost_usd
    from inferences
    inner join params
        on params.month_date = date_trunc('month', inferences.usage_date)
    inner join marts.dim_customers as customers
        on inferences.customer_id = customers.customer_id
    where not customers.is_internal

),

ranked as (

    select
        *,
        row_number() over (partition by feature order by cost_usd asc, request_id asc, step asc) as cost_rank,
        count(*) over (partition by feature) as inference_count
    from delivered

)

-- Nearest rank: the first cost whose rank is at least percent × count ÷ 100.
select
    feature,
    count(*) as inference_count,
    round(sum(cost_usd), 6) as cost_usd,
    round(sum(cost_usd) / count(*), 6) as mean_cost_usd,
    round(min(case when cost_rank * 100 >= inference_count * 50 then cost_usd end), 6) as p50_cost_usd,
    round(min(case when cost_rank * 100 >= inference_count * 95 then cost_usd end), 6) as p95_cost_usd,
    round(max(cost_usd), 6) as dearest_cost_usd,
    round(
        sum(case when cost_rank * 100 > inference_count * 95 then cost_usd else 0 end) / nullif(sum(cost_usd), 0), 4
    ) as top_5_cost_ratio
from ranked
group by feature
order by
    p95_cost_usd desc,
    feature asc
