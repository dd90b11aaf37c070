-- Computed cost that bought nothing, by day, class and who it was for: what the log shows, and what a cheaper model would
-- have done. A call is in one class. Internal use is left out.
-- Grain: one row per usage_date, utc_date, waste_class, customer_id, step, resolved_provider, model, resolved_model and
-- call_type.
-- decisions.md, Waste.
with

wasted as (

    -- By name: on Spark the day of an incremental table stands last.
    {% for relation in [ref('int_waste_logged_daily'), ref('int_waste_premium_daily')] -%}
    select
        {{ waste_keys() | join(',\n        ') }},
        call_count,
        unpriced_call_count,
        wasted_cost_usd
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select wasted.*
    from wasted
    inner join {{ ref('dim_customers') }} as customers
        on wasted.customer_id = customers.customer_id
    where not customers.is_internal

)

select * from final
