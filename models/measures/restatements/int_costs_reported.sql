-- What the previous release reported, with the customer that carries each row's numbers today.
-- Grain: one row per customer_id (as reported), period_start_date, resolved_provider and model.
with

costs as (

    select * from {{ ref('stg_publishing__costs') }}

),

customers as (

    select * from {{ ref('int_customers_resolved') }}

),

final as (

    select
        costs.release_id,
        costs.reported_to_date,
        costs.customer_id,
        coalesce({{ source_word('customers.resolved_customer_id') }}, costs.customer_id) as today_customer_id,
        costs.period_start_date,
        costs.resolved_provider,
        costs.model,
        {% for measure in restated_measures() -%}
        costs.{{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from costs
    left join customers
        on costs.customer_id = {{ source_word('customers.customer_id') }}

)

select * from final
