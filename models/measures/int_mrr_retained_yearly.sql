-- What is left of the recurring revenue of twelve months ago, of the customers who paid it.
-- Grain: one row per period_start_date, dimension and dimension_value with recurring revenue twelve months before.
-- A customer's movements of the twelve months are added to where it opened, at constant rates: growth makes the net
-- retention, never the gross one.
with

movements as (

    select * from {{ ref('int_mrr_movements_monthly') }}

),

months as (

    select * from {{ ref('int_months_over') }}

),

cohorts as (

    -- The window's first month opens with what closed twelve months ago.
    select
        months.period_start_date,
        movements.dimension,
        movements.dimension_value,
        movements.customer_id,
        movements.opening_mrr_usd
    from months
    inner join movements
        on cast({{ dbt.dateadd('month', -11, 'months.period_start_date') }} as date) = movements.period_start_date
    where movements.opening_mrr_usd > 0

),

followed as (

    select
        cohorts.period_start_date,
        cohorts.dimension,
        cohorts.dimension_value,
        cohorts.customer_id,
        cohorts.opening_mrr_usd,
        {{ money('cohorts.opening_mrr_usd + coalesce(sum(movements.change_usd), 0)') }} as retained_mrr_usd
    from cohorts
    left join movements
        on
            cohorts.dimension = movements.dimension
            and cohorts.dimension_value = movements.dimension_value
            and cohorts.customer_id = movements.customer_id
            and cast({{ dbt.dateadd('month', -11, 'cohorts.period_start_date') }} as date)
            <= movements.period_start_date
            and cohorts.period_start_date >= movements.period_start_date
    group by
        cohorts.period_start_date,
        cohorts.dimension,
        cohorts.dimension_value,
        cohorts.customer_id,
        cohorts.opening_mrr_usd

),

final as (

    select
        period_start_date,
        dimension,
        dimension_value,
        {{ cost_sum('opening_mrr_usd') }} as opening_mrr_usd,
        {{ cost_sum('retained_mrr_usd') }} as retained_mrr_usd,
        {{ cost_sum(
            'greatest(least(retained_mrr_usd, opening_mrr_usd), ' ~ money('0') ~ ')'
        ) }} as kept_mrr_usd
    from followed
    group by
        period_start_date,
        dimension,
        dimension_value

)

select * from final
