-- What is left of the recurring revenue of twelve months ago, of the customers who paid it.
-- Grain: one row per period_start_date, dimension and dimension_value with recurring revenue twelve months before.
-- Both ends are told at the rates of twelve months ago: growth makes the net retention, never the gross one, and what
-- only a rate moved neither.
{% set dimensions = {'all': "'all'", 'plan': 'plan', 'segment': 'segment'} %}
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

amounts as (

    select * from {{ ref('int_customer_mrr_by_currency') }}
    where period_grain = 'month'

),

closings as (

    -- A currency that is new since has the rate of that day, else its own.
    select
        amounts.period_start_date,
        amounts.customer_id,
        {{ cost_sum(converted(
            'amounts.mrr_amount', 'coalesce(year_before.usd_per_unit, rates.usd_per_unit, amounts.usd_per_unit)'
        )) }} as closing_mrr_usd
    from amounts
    left join amounts as year_before
        on
            amounts.customer_id = year_before.customer_id
            and amounts.currency = year_before.currency
            and cast({{ dbt.dateadd('month', -12, 'amounts.period_start_date') }} as date) = year_before.period_start_date
    left join {{ ref('int_fx_rates_daily') }} as rates
        on
            amounts.currency = rates.currency
            and amounts.currency <> 'USD'
            and cast({{ dbt.dateadd(
                'day', -1, 'cast(' ~ dbt.dateadd('month', -11, 'amounts.period_start_date') ~ ' as date)'
            ) }} as date) = rates.rate_date
    group by
        amounts.period_start_date,
        amounts.customer_id

),

positions as (

    {% for dimension, expression in dimensions.items() %}
    select
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        mrr.customer_id,
        mrr.period_start_date,
        closings.closing_mrr_usd
    from {{ ref('int_customer_mrr') }} as mrr
    inner join closings
        on
            mrr.period_start_date = closings.period_start_date
            and mrr.customer_id = closings.customer_id
    where mrr.period_grain = 'month'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

followed as (

    select
        cohorts.*,
        {{ money('greatest(coalesce(positions.closing_mrr_usd, 0), 0)') }} as retained_mrr_usd
    from cohorts
    left join positions
        on
            cohorts.dimension = positions.dimension
            and cohorts.dimension_value = positions.dimension_value
            and cohorts.customer_id = positions.customer_id
            and cohorts.period_start_date = positions.period_start_date

),

final as (

    select
        period_start_date,
        dimension,
        dimension_value,
        {{ cost_sum('opening_mrr_usd') }} as opening_mrr_usd,
        {{ cost_sum('retained_mrr_usd') }} as retained_mrr_usd,
        {{ cost_sum('least(retained_mrr_usd, opening_mrr_usd)') }} as kept_mrr_usd
    from followed
    group by
        period_start_date,
        dimension,
        dimension_value

)

select * from final
