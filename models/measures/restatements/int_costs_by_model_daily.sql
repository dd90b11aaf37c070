-- Cost by day, customer and model, in the parts that restatements are told by.
-- Grain: one row per usage_date, customer_id, resolved_provider and model (as logged).
{% set paid_counts = ['billed_call_count'] + restated_parts().values() | list %}
with

-- What computed cost was paid for is not in the daily fact, but beneath it.
parts as (

    select
        usage_date,
        customer_id,
        resolved_provider,
        model,
        {% for measure, data_type in restated_measures().items() -%}
        {% if measure == 'token_count' -%}
        uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + output_tokens
        + replayed_tokens as token_count,
        {% elif measure == 'priced_cost_usd' -%}
        {{ money(cost_components('calls') | join(' + ')) }} as priced_cost_usd,
        {% elif measure in paid_counts -%}
        cast(0 as {{ data_type }}) as {{ measure }},
        {% else -%}
        {{ measure }}{{ ',' if not loop.last }}
        {% endif -%}
        {% endfor %}
    from {{ ref('fct_usage_daily') }}

    union all

    select
        usage_date,
        customer_id,
        resolved_provider,
        model,
        {% for measure, data_type in restated_measures().items() -%}
        {{ measure if measure in paid_counts else 'cast(0 as ' ~ data_type ~ ') as ' ~ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_usage_priced_daily') }}

),

final as (

    select
        usage_date,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        customer_id,
        resolved_provider,
        model,
        {% for measure, data_type in restated_measures().items() -%}
        cast(coalesce(sum({{ measure }}), 0) as {{ data_type }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from parts
    group by
        usage_date,
        customer_id,
        resolved_provider,
        model

)

select * from final
