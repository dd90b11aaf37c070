-- What the newest release said its customers cost, by month, provider and model.
-- Grain: one row per customer_id, period_start_date, resolved_provider and model.
with

source as (

    select * from {{ source('raw', 'published_costs') }}

),

final as (

    select

        ---------- ids
        release_id,
        customer_id,

        ---------- strings
        resolved_provider,
        model,

        ---------- quantities
        call_count,
        token_count,
        billed_call_count,
        {% for count in restated_parts().values() -%}
        {{ count }},
        {% endfor %}

        ---------- money
        {% for cost in restated_parts() -%}
        {{ cost }},
        {% endfor -%}
        computed_cost_usd,
        priced_cost_usd,
        {% for cost in shared_cost_components() -%}
        -- A release of before the component has none.
        {{ money('coalesce(' ~ cost ~ ', 0)') }} as {{ cost }},
        {% endfor -%}
        ai_cost_usd,

        ---------- dates
        period_start_date,
        reported_to_date

    from source
    where published_at = (select max(newest.published_at) from {{ source('raw', 'published_costs') }} as newest)

)

select * from final
