-- The cost of single calls adds up to the daily fact, customer by customer, month by month and component by component.
-- A part computed differently for a call and for a usage row would show here; both round once per part. The
-- cost of a call is the sum of its parts, to the last digit.
with

calls as (

    select
        calls.customer_id,
        cast({{ dbt.date_trunc('month', 'calls.usage_date') }} as date) as period_start_date,
        {% for component in cost_components() -%}
        {{ cost_sum('costs.' ~ component) }} as {{ component }},
        {% endfor -%}
        count(*) filter (
            where costs.ai_cost_usd <> coalesce(costs.{{ cost_components() | join(', 0) + coalesce(costs.') }}, 0)
            or costs.ai_cost_usd <> costs.inference_cost_usd + costs.{{ cost_components('training') | join(' + costs.') }}
        ) as broken_sum_count
    from {{ ref('fct_inference_costs') }} as costs
    inner join {{ ref('fct_inference_calls') }} as calls
        on costs.usage_date = calls.usage_date
        and costs.call_id = calls.call_id
    where {{ in_days_to_test('costs.usage_date') }}
    group by
        calls.customer_id,
        cast({{ dbt.date_trunc('month', 'calls.usage_date') }} as date)

),

usage_daily as (

    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        {% for component in cost_components() -%}
        {{ cost_sum(component) }} as {{ component }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('fct_usage_daily') }}
    where
        call_count > 0
        and {{ in_days_to_test('usage_date') }}
    group by
        customer_id,
        period_start_date

)

select
    coalesce(calls.customer_id, usage_daily.customer_id) as customer_id,
    coalesce(calls.period_start_date, usage_daily.period_start_date) as period_start_date,
    {% for component in cost_components() -%}
    calls.{{ component }} as calls_{{ component }},
    usage_daily.{{ component }},
    {% endfor -%}
    calls.broken_sum_count
from calls
full outer join usage_daily
    on calls.customer_id = usage_daily.customer_id
    and calls.period_start_date = usage_daily.period_start_date
where
    calls.broken_sum_count > 0
    {%- for component in cost_components() %}
    or (abs(calls.{{ component }} - usage_daily.{{ component }}) <= 0.000001) is not true
    {%- endfor %}
