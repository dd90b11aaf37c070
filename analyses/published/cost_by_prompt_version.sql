-- Did the new version of a prompt make an inference dearer?
--
-- Parameters: feature (every feature), month, any day of it (the last complete month).
-- Read it: a row is a feature, its prompt version and model, over all attempts, as billed. Compare versions on the same
-- model: another model is another price.
-- Traps: a version that came in mid-month ran on other days; first_day and last_day say which. Few inferences say
-- little. Calls without a version are version none. Support calls deliver nothing and have no cost per inference.
-- Internal use and bills that no call carries are left out.
with

params as (

    select
        coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date,
        cast(getvariable('feature') as varchar) as feature
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

)

select
    calls.feature,
    coalesce(calls.prompt_version, 'none') as prompt_version,
    calls.resolved_model,
    min(calls.usage_date) as first_day,
    max(calls.usage_date) as last_day,
    count(*) as call_count,
    count(*) filter (where calls.is_successful) as successful_inference_count,
    round(sum(costs.ai_cost_usd), 6) as ai_cost_usd,
    round(sum(costs.ai_cost_usd) / nullif(count(*) filter (where calls.is_successful), 0), 6) as cpi_usd,
    round(avg(calls.output_tokens) filter (where calls.is_successful and not calls.is_response_cache_hit), 1)
        as avg_output_tokens
from marts.fct_inference_calls as calls
inner join params
    on
        params.month_date = date_trunc('month', calls.usage_date)
        and (params.feature is null or calls.feature = params.feature)
inner join marts.fct_inference_costs as costs
    on calls.call_id = costs.call_id
inner join marts.dim_customers as customers
    on calls.customer_id = customers.customer_id
where not customers.is_internal
group by
    calls.feature,
    coalesce(calls.prompt_version, 'none'),
    calls.resolved_model
order by
    calls.feature asc,
    calls.resolved_model asc,
    first_day asc,
    prompt_version asc
