-- Opening, closing and every movement of the company's recurring revenue, told again from what each customer had at the
-- end of the month and of the one before; retention over twelve months is that of the customers of then.
-- A customer in the wrong movement would only show as a better retention.
-- What it does not check: which lines are live (int_recurring_lines_live).
{% set counts = ['opening_customer_count', 'churned_customer_count', 'closing_customer_count'] %}
{% set amounts = [
    'opening_mrr_usd', 'new_mrr_usd', 'reactivated_mrr_usd', 'expansion_mrr_usd', 'contraction_mrr_usd',
    'churned_mrr_usd', 'fx_mrr_usd', 'closing_mrr_usd',
] %}
with

mrr as (

    select * from {{ ref('int_customer_mrr') }}
    where period_grain = 'month' and not is_internal

),

first_months as (

    select
        customer_id,
        min(period_start_date) as first_month_date
    from mrr
    where mrr_usd > 0
    group by customer_id

),

positions as (

    {% for dimension, value in {'all': "'all'", 'plan': 'plan', 'segment': 'segment'}.items() -%}
    select
        '{{ dimension }}' as dimension,
        {{ value }} as dimension_value,
        mrr.*
    from mrr
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

pairs as (

    select
        coalesce(now.period_start_date, cast({{ dbt.dateadd('month', 1, 'past.period_start_date') }} as date))
            as period_start_date,
        coalesce(now.dimension, past.dimension) as dimension,
        coalesce(now.dimension_value, past.dimension_value) as dimension_value,
        coalesce(now.customer_id, past.customer_id) as customer_id,
        {{ money('coalesce(past.mrr_usd, 0)') }} as opening_usd,
        {{ money('coalesce(now.mrr_usd, 0)') }} as closing_usd,
        {{ money('coalesce(now.mrr_at_rates_before_usd, 0)') }} as closing_at_rates_before_usd
    from positions as now
    full outer join positions as past
        on
            now.dimension = past.dimension
            and now.dimension_value = past.dimension_value
            and now.customer_id = past.customer_id
            and cast({{ dbt.dateadd('month', -1, 'now.period_start_date') }} as date) = past.period_start_date

),

customers as (

    -- Who comes and goes is a question of the customer, whatever the plan.
    select
        pairs.period_start_date,
        pairs.customer_id,
        pairs.opening_usd > 0 as is_open,
        pairs.closing_usd > 0 as is_closing,
        pairs.period_start_date = first_months.first_month_date as is_first
    from pairs
    left join first_months
        on pairs.customer_id = first_months.customer_id
    where pairs.dimension = 'all'

),

moved as (

    select
        pairs.*,
        case
            when customers.is_open then pairs.closing_at_rates_before_usd else pairs.closing_usd
        end - pairs.opening_usd as change_usd,
        customers.is_open and not customers.is_closing as is_lost,
        customers.is_closing and not customers.is_open as is_won,
        customers.is_open = customers.is_closing as is_kept,
        coalesce(customers.is_first, false) as is_first
    from pairs
    inner join customers
        on pairs.period_start_date = customers.period_start_date
        and pairs.customer_id = customers.customer_id

),

expected as (

    select
        period_start_date,
        dimension,
        dimension_value,
        count(*) filter (where opening_usd > 0) as opening_customer_count,
        count(*) filter (where opening_usd > 0 and is_lost) as churned_customer_count,
        count(*) filter (where closing_usd > 0) as closing_customer_count,
        {{ cost_sum('opening_usd') }} as opening_mrr_usd,
        {{ cost_sum('change_usd', 'is_won and is_first') }} as new_mrr_usd,
        {{ cost_sum('change_usd', 'is_won and not is_first') }} as reactivated_mrr_usd,
        {{ cost_sum('change_usd', 'is_kept and change_usd > 0') }} as expansion_mrr_usd,
        {{ cost_sum('-1 * change_usd', 'is_kept and change_usd < 0') }} as contraction_mrr_usd,
        {{ cost_sum('-1 * change_usd', 'is_lost') }} as churned_mrr_usd,
        {{ cost_sum('closing_usd - opening_usd - change_usd') }} as fx_mrr_usd,
        {{ cost_sum('closing_usd') }} as closing_mrr_usd
    from moved
    group by
        period_start_date,
        dimension,
        dimension_value

),

actual as (

    select * from {{ ref('recurring_revenue_monthly') }}

)

select
    coalesce(expected.period_start_date, actual.period_start_date) as period_start_date,
    coalesce(expected.dimension, actual.dimension) as dimension,
    coalesce(expected.dimension_value, actual.dimension_value) as dimension_value,
    expected.closing_mrr_usd as expected_closing_mrr_usd,
    actual.closing_mrr_usd
from expected
full outer join actual
    on expected.period_start_date = actual.period_start_date
    and expected.dimension = actual.dimension
    and expected.dimension_value = actual.dimension_value
left join {{ ref('int_mrr_retained_yearly') }} as retained
    on actual.period_start_date = retained.period_start_date
    and actual.dimension = retained.dimension
    and actual.dimension_value = retained.dimension_value
where
    coalesce(expected.period_start_date, actual.period_start_date)
    <= (select max(months.period_start_date) from {{ ref('int_months_over') }} as months)
    and (
        actual.nrr_t12m_ratio is distinct from {{ ratio('retained.retained_mrr_usd', 'retained.opening_mrr_usd') }}
        or actual.grr_t12m_ratio is distinct from {{ ratio('retained.kept_mrr_usd', 'retained.opening_mrr_usd') }}
        {%- for measure in counts + amounts %}
        or expected.{{ measure }} is distinct from actual.{{ measure }}
        {%- endfor %}
    )
