-- Monthly recurring revenue and what moved it.
-- Grain: one row per period_start_date, dimension (all, plan, segment) and dimension_value; months over at as_of_date.
-- opening + new + reactivated + expansion - contraction - churned = closing. A customer who moves to another plan
-- contracts the one and expands the other; nobody is new to, or lost by, a plan alone.
{% set dimensions = {'all': "'all'", 'plan': 'plan', 'segment': 'segment'} %}
with

mrr as (

    select * from {{ ref('int_customer_mrr_monthly') }}
    where not is_internal

),

last_month as (

    select max(month_start_date) as period_start_date
    from {{ ref('dim_dates') }} as dates
    inner join {{ ref('int_as_of_date') }} as as_of
        on dates.date_day <= as_of.as_of_date
    where
        cast({{ dbt.dateadd('month', 1, 'dates.month_start_date') }} as date)
        <= cast({{ dbt.dateadd('day', 1, 'as_of.as_of_date') }} as date)

),

first_months as (

    select
        customer_id,
        min(period_start_date) as first_period_start_date
    from mrr
    where mrr_usd > 0
    group by customer_id

),

positions as (

    {% for dimension, expression in dimensions.items() %}
    select
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        customer_id,
        period_start_date,
        mrr_usd
    from mrr
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

sides as (

    -- What closes a month opens the next.
    select
        dimension,
        dimension_value,
        customer_id,
        period_start_date,
        {{ money('0') }} as opening_mrr_usd,
        mrr_usd as closing_mrr_usd
    from positions

    union all

    select
        positions.dimension,
        positions.dimension_value,
        positions.customer_id,
        cast({{ dbt.dateadd('month', 1, 'positions.period_start_date') }} as date) as period_start_date,
        positions.mrr_usd as opening_mrr_usd,
        {{ money('0') }} as closing_mrr_usd
    from positions
    inner join last_month
        on positions.period_start_date < last_month.period_start_date

),

balances as (

    select
        dimension,
        dimension_value,
        customer_id,
        period_start_date,
        {{ cost_sum('opening_mrr_usd') }} as opening_mrr_usd,
        {{ cost_sum('closing_mrr_usd') }} as closing_mrr_usd
    from sides
    group by
        dimension,
        dimension_value,
        customer_id,
        period_start_date

),

customers as (

    -- What the customer did as a whole, whatever the plan.
    select
        customer_id,
        period_start_date,
        opening_mrr_usd > 0 as is_open,
        closing_mrr_usd > 0 as is_closing
    from balances
    where dimension = 'all'

),

movements as (

    select
        balances.dimension,
        balances.dimension_value,
        balances.period_start_date,
        balances.opening_mrr_usd,
        balances.closing_mrr_usd,
        {{ money('balances.closing_mrr_usd - balances.opening_mrr_usd') }} as change_usd,
        case
            when customers.is_open and not customers.is_closing then 'churned'
            when
                customers.is_closing and not customers.is_open
                and first_months.first_period_start_date = balances.period_start_date
                then 'new'
            when customers.is_closing and not customers.is_open then 'reactivated'
            when balances.closing_mrr_usd >= balances.opening_mrr_usd then 'expansion'
            else 'contraction'
        end as movement
    from balances
    inner join customers
        on
            balances.customer_id = customers.customer_id
            and balances.period_start_date = customers.period_start_date
    left join first_months
        on balances.customer_id = first_months.customer_id

),

summed as (

    select
        period_start_date,
        dimension,
        dimension_value,
        {{ token_sum('1', 'opening_mrr_usd > 0') }} as opening_customer_count,
        {{ token_sum('1', "opening_mrr_usd > 0 and movement = 'churned'") }} as churned_customer_count,
        {{ token_sum('1', 'closing_mrr_usd > 0') }} as closing_customer_count,
        {{ cost_sum('opening_mrr_usd') }} as opening_mrr_usd,
        {{ cost_sum('change_usd', "movement = 'new'") }} as new_mrr_usd,
        {{ cost_sum('change_usd', "movement = 'reactivated'") }} as reactivated_mrr_usd,
        {{ cost_sum('change_usd', "movement = 'expansion'") }} as expansion_mrr_usd,
        {{ cost_sum('-change_usd', "movement = 'contraction'") }} as contraction_mrr_usd,
        {{ cost_sum('-change_usd', "movement = 'churned'") }} as churned_mrr_usd,
        {{ cost_sum('closing_mrr_usd') }} as closing_mrr_usd
    from movements
    group by
        period_start_date,
        dimension,
        dimension_value

)

select
    period_start_date,
    dimension,
    dimension_value,
    opening_customer_count,
    churned_customer_count,
    closing_customer_count,
    opening_mrr_usd,
    new_mrr_usd,
    reactivated_mrr_usd,
    expansion_mrr_usd,
    contraction_mrr_usd,
    churned_mrr_usd,
    closing_mrr_usd,
    case
        when opening_mrr_usd > 0 then {{ ratio(
            'opening_mrr_usd + expansion_mrr_usd - contraction_mrr_usd - churned_mrr_usd', 'opening_mrr_usd'
        ) }}
    end as nrr_ratio,
    {{ ratio('churned_customer_count', 'opening_customer_count') }} as logo_churn_ratio
from summed
