-- What delivered inferences cost, each with all attempts of its request, as billed, on the day of the attempt that stands for
-- it: equal costs of a day and customer counted. Internal use is in here; inferences with an attempt that has no price are not.
-- Grain: one row per usage_date, customer_id and inference_cost_usd.
{{ config(**touched_days_config('int_measured_days_touched')) }}
with

calls as (

    select * from {{ ref('fct_inference_calls') }}
    {{ where_touched('int_measured_days_touched', 'delivered_date') }}

),

inferences as (

    select
        calls.request_id,
        calls.step,
        calls.delivered_date,
        max(case when calls.is_successful then calls.customer_id end) as customer_id,
        {{ cost_sum('costs.ai_cost_usd') }} as inference_cost_usd
    from calls
    inner join {{ ref('fct_inference_costs') }} as costs
        on calls.usage_date = costs.usage_date
        and calls.call_id = costs.call_id
    where calls.delivered_date is not null
    group by
        calls.request_id,
        calls.step,
        calls.delivered_date
    having count(*) filter (where calls.computed_cost_usd is null) = 0

),

final as (

    select
        delivered_date as usage_date,
        customer_id,
        inference_cost_usd,
        count(*) as inference_count
    from inferences
    group by
        delivered_date,
        customer_id,
        inference_cost_usd

)

select * from final
