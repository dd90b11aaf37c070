-- What the application believed its calls cost against what they were computed to cost, and where it was wrong.
-- Grain: one row per period_start_date, provider, resolved_model and reason.
-- Internal use is in here. Logged cost is never trusted: no other number uses it. decisions.md, Logged cost.
with

summed as (

    select
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        provider,
        resolved_model,
        reason,
        {{ token_sum('call_count') }} as call_count,
        {{ cost_sum('logged_cost_usd') }} as logged_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd,
        {{ cost_sum('difference_usd') }} as difference_usd
    from {{ ref('int_logged_costs_daily') }}
    group by
        period_start_date,
        provider,
        resolved_model,
        reason

),

begun as (

    -- No period after as_of_date has a row.
    select
        summed.*,
        {{ is_complete('summed.period_start_date', 'month') }} as is_complete
    from summed
    inner join {{ ref('int_as_of_date') }} as as_of
        on summed.period_start_date <= as_of.as_of_date

),

final as (

    select
        period_start_date,
        provider,
        resolved_model,
        reason,
        call_count,
        logged_cost_usd,
        computed_cost_usd,
        difference_usd,
        is_complete
    from begun

)

select * from final
