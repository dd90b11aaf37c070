-- If a model cost twice as much, who would pay for it, and who would begin to lose money?
--
-- Parameters: model, in the price book's spelling (the one with the highest token cost of the month), multiple of its
-- price (2), month, any day of it (the last complete month).
-- Read it: a row is a customer that uses the model. Its token cost (tokens, cache and fees, as billed) is multiplied;
-- shares of machines, databases and training stay, use stays, revenue stays.
-- Traps: nobody changes the model here; scenario_results replays a whole quarter with swaps and quotas. A model sold by
-- two vendors is both. Internal use is in here as customer internal: it is paid too.
with

months as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

usage_monthly as (

    select
        usage_daily.customer_id,
        usage_daily.resolved_model,
        sum(usage_daily.successful_inference_count) as successful_inference_count,
        sum(usage_daily.llm_api_cost_usd + usage_daily.prompt_cache_cost_usd + usage_daily.embedding_cost_usd)
            as token_cost_usd
    from marts.fct_usage_daily as usage_daily
    inner join months
        on months.month_date = date_trunc('month', usage_daily.usage_date)
    group by
        usage_daily.customer_id,
        usage_daily.resolved_model

),

models_used as (

    select
        resolved_model,
        sum(token_cost_usd) as token_cost_usd
    from usage_monthly
    group by resolved_model

),

params as (

    select
        month_date,
        coalesce(
            cast(getvariable('model') as varchar), (select max_by(resolved_model, token_cost_usd) from models_used)
        ) as model,
        coalesce(cast(getvariable('multiple') as decimal(9, 4)), 2) as multiple
    from months

),

dearer as (

    select
        usage_monthly.customer_id,
        params.month_date,
        params.model,
        usage_monthly.successful_inference_count,
        usage_monthly.token_cost_usd,
        usage_monthly.token_cost_usd * (params.multiple - 1) as cost_change_usd
    from usage_monthly
    inner join params
        on usage_monthly.resolved_model = params.model

)

select
    dearer.model,
    dearer.customer_id,
    customers.customer_name,
    cast(dearer.successful_inference_count as bigint) as successful_inference_count,
    round(dearer.token_cost_usd, 6) as token_cost_usd,
    round(dearer.cost_change_usd, 6) as cost_change_usd,
    round(margins.revenue_usd, 6) as revenue_usd,
    round(margins.gross_profit_usd, 6) as gross_profit_usd,
    round(margins.gross_profit_usd - dearer.cost_change_usd, 6) as gross_profit_then_usd,
    margins.gross_profit_usd >= 0 and margins.gross_profit_usd < dearer.cost_change_usd as is_newly_loss_making
from dearer
inner join marts.dim_customers as customers
    on dearer.customer_id = customers.customer_id
left join marts.customer_margins_monthly as margins
    on dearer.customer_id = margins.customer_id and dearer.month_date = margins.period_start_date
order by
    dearer.cost_change_usd desc,
    dearer.customer_id asc
