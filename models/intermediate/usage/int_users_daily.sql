-- What each user of a customer used, and its computed cost, by day; bills do not count.
-- Grain: one row per usage_date, customer_id and user_id (null where none is logged). Internal use is in here.
-- Cost is that of the priced calls alone.
{{ config(**touched_days_config('int_days_touched')) }}
with

calls as (

    select * from {{ ref('int_calls_split') }}
    {{ where_touched('int_days_touched') }}

),

final as (

    select
        usage_date,
        customer_id,
        user_id,
        count(*) as call_count,
        count(*) filter (where is_inference) as inference_count,
        count(prompt_hash) as hashed_prompt_count,
        count(*) filter (where pricing_status = 'unpriced') as unpriced_call_count,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from calls
    group by
        usage_date,
        customer_id,
        user_id

)

select * from final
