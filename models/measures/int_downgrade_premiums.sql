-- What calls cost above the cheapest of the models that the evidence of their month allowed.
-- Grain: one row per call_id that cost more. A call is switched once: to the model that is cheapest for it.
with

repriced as (

    select * from {{ ref('int_calls_repriced') }}

),

final as (

    select
        call_id,
        usage_date,
        {{ money('max(computed_cost_usd - repriced_cost_usd)') }} as premium_usd
    from repriced
    where
        is_allowed
        and repriced_cost_usd < computed_cost_usd
    group by
        call_id,
        usage_date

)

select * from final
