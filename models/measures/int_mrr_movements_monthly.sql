-- What each customer's recurring revenue did in a month that is over, and where it stood twelve months before.
-- Grain: one row per period_start_date, dimension (all, plan, segment), dimension_value and customer_id with recurring
-- revenue at the end of the month or of the one before. opening + change + fx = closing.
-- Changes are at the rates of the month before: of a foreign price that stays the same only the rate moved, and that is
-- fx. Who is new or back comes at today's rate. Internal accounts are left out.
{% set dimensions = {'all': "'all'", 'plan': 'plan', 'segment': 'segment'} %}
{{ config(materialized='table') }}
with

mrr as (

    select * from {{ ref('int_customer_mrr') }}
    where period_grain = 'month' and not is_internal

),

last_month as (

    select max(period_start_date) as period_start_date
    from {{ ref('int_months_over') }}

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
        mrr_usd,
        mrr_at_rates_before_usd
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
        mrr_usd as closing_mrr_usd,
        mrr_at_rates_before_usd as closing_at_rates_before_usd
    from positions

    union all

    select
        positions.dimension,
        positions.dimension_value,
        positions.customer_id,
        cast({{ dbt.dateadd('month', 1, 'positions.period_start_date') }} as date) as period_start_date,
        positions.mrr_usd as opening_mrr_usd,
        {{ money('0') }} as closing_mrr_usd,
        {{ money('0') }} as closing_at_rates_before_usd
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
        {{ cost_sum('closing_mrr_usd') }} as closing_mrr_usd,
        {{ cost_sum('closing_at_rates_before_usd') }} as closing_at_rates_before_usd
    from sides
    group by
        dimension,
        dimension_value,
        customer_id,
        period_start_date

),

changed as (

    -- What the customer did as a whole, whatever the plan.
    select
        balances.*,
        max(case when balances.dimension = 'all' then balances.opening_mrr_usd end) over customer_month > 0
            as is_open,
        max(case when balances.dimension = 'all' then balances.closing_mrr_usd end) over customer_month > 0
            as is_closing,
        first_months.first_period_start_date
    from balances
    left join first_months
        on balances.customer_id = first_months.customer_id
    window customer_month as (partition by balances.customer_id, balances.period_start_date)

),

moved as (

    select
        *,
        {{ money('case when is_open then closing_at_rates_before_usd else closing_mrr_usd end - opening_mrr_usd') }}
            as change_usd
    from changed

),

final as (

    select
        period_start_date,
        dimension,
        dimension_value,
        customer_id,
        opening_mrr_usd,
        closing_mrr_usd,
        change_usd,
        {{ money('closing_mrr_usd - opening_mrr_usd - change_usd') }} as fx_usd,
        case
            when is_open and not is_closing then 'churned'
            when is_closing and not is_open and first_period_start_date = period_start_date then 'new'
            when is_closing and not is_open then 'reactivated'
            when change_usd >= 0 then 'expansion'
            else 'contraction'
        end as movement
    from moved

)

select * from final
