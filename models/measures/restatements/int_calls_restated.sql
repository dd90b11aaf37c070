-- What changed calls and changed prices did to the computed cost of a customer's month.
-- Grain: one row per customer_id, period_start_date and model (as logged) whose calls or computed cost changed.
-- With both, today's calls at the price per token of the release come between: decisions.md, Restatements.
{{ config(materialized='table') }}
with

compared as (

    select * from {{ ref('int_costs_compared') }}

),

prices_changed as (

    select distinct
        model,
        period_start_date
    from {{ ref('int_inputs_changed') }}
    where input_kind in ('price', 'model_name')

),

rekeyed as (

    select * from {{ ref('int_customers_rekeyed') }}

),

by_model as (

    select
        customer_id,
        period_start_date,
        model,
        cast(sum(reported_call_count) as bigint) as reported_call_count,
        cast(sum(call_count) as bigint) as call_count,
        {{ token_sum('reported_token_count') }} as reported_token_count,
        {{ token_sum('token_count') }} as token_count,
        {{ cost_sum('reported_computed_cost_usd') }} as reported_computed_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from compared
    group by
        customer_id,
        period_start_date,
        model

),

flagged as (

    select
        by_model.*,
        prices_changed.model is not null as has_price_change,
        rekeyed.customer_id is not null as is_rekeyed,
        by_model.call_count - by_model.reported_call_count as new_call_count
    from by_model
    left join prices_changed
        on by_model.model = prices_changed.model
        and by_model.period_start_date = prices_changed.period_start_date
    left join rekeyed
        on by_model.customer_id = rekeyed.customer_id
    where
        by_model.call_count <> by_model.reported_call_count
        or by_model.token_count <> by_model.reported_token_count
        or by_model.computed_cost_usd <> by_model.reported_computed_cost_usd

),

moved as (

    -- Calls moved where one customer lost what another gained; a call that is new for everybody came late.
    select
        *,
        min(new_call_count) over (partition by period_start_date, model, is_rekeyed) < 0
        and max(new_call_count) over (partition by period_start_date, model, is_rekeyed) > 0
        and new_call_count <> 0
        and is_rekeyed as is_moved
    from flagged

),

final as (

    select
        customer_id,
        period_start_date,
        model,
        case when is_moved then 'crm' else 'late_events' end as calls_cause,
        has_price_change,
        not has_price_change
        or new_call_count <> 0
        or token_count <> reported_token_count as has_other_calls,
        reported_computed_cost_usd,
        {{ money(
            'case when not has_price_change then computed_cost_usd else coalesce('
            ~ shared_part('reported_computed_cost_usd', 'token_count', 'reported_token_count', 0) ~ ', '
            ~ shared_part('reported_computed_cost_usd', 'call_count', 'reported_call_count', 0)
            ~ ', computed_cost_usd) end'
        ) }} as computed_at_reported_prices_usd,
        computed_cost_usd
    from moved

)

select * from final
