-- How much of the spend says what it was for.
-- Grain: one row per period_start_date and dimension (customer, feature, workflow, team, provider, model).
with

usage_by_dimension as (

    select * from {{ ref('int_usage_by_dimension_daily') }}
    where dimension in ('customer', 'feature', 'workflow', 'team', 'provider', 'model')

),

monthly as (

    select
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        dimension,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('ai_cost_usd', "dimension_value <> 'unattributed'") }} as attributed_cost_usd,
        {{ token_sum('call_count') }} as call_count,
        {{ token_sum('unpriced_call_count') }} as unpriced_call_count,
        {{ weakest_cost_status('cost_status') }} as cost_status
    from usage_by_dimension
    group by
        period_start_date,
        dimension

),

begun as (

    -- No period after as_of_date has a row.
    select
        monthly.*,
        {{ is_complete('monthly.period_start_date', 'month') }} as is_complete
    from monthly
    inner join {{ ref('int_as_of_date') }} as as_of
        on monthly.period_start_date <= as_of.as_of_date

),

final as (

    select
        period_start_date,
        dimension,
        call_count,
        unpriced_call_count,
        ai_cost_usd,
        attributed_cost_usd,
        {{ ratio('attributed_cost_usd', 'ai_cost_usd') }} as attributed_cost_ratio,
        {{ ratio('unpriced_call_count', 'call_count') }} as unpriced_ratio,
        cost_status,
        is_complete
    from begun

)

select * from final
