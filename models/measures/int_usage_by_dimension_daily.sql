-- Usage and cost of each day by one dimension at a time.
-- Grain: one row per usage_date, dimension and dimension_value.
-- The plan is that of the day, segment and business model are today's.
-- Internal use is left out, but for the dimension customer (decisions.md, Internal use). Additive over days and over
-- the values of one dimension, never over dimensions: each dimension holds the whole again.
{{ config(materialized='table') }}
with

usage_rows as (

    select
        usage_daily.*,
        coalesce(plans.plan, customers.crm_plan) as plan,
        customers.segment,
        customers.business_model,
        customers.is_internal
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    left join {{ ref('dim_customer_plans') }} as plans
        on
            usage_daily.customer_id = plans.customer_id
            and usage_daily.usage_date >= plans.valid_from_date
            and (plans.valid_to_date is null or usage_daily.usage_date < plans.valid_to_date)

),

{% for dimension, expression in usage_dimensions().items() %}
by_{{ dimension }} as (

    select
        usage_date,
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        {{ usage_sums() }}
    from usage_rows
    {% if dimension != 'customer' -%}
    where not is_internal
    {% endif -%}
    group by
        usage_date,
        {{ expression }}

),

{% endfor %}
final as (

    {% for dimension in usage_dimensions() %}
    select * from by_{{ dimension }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
