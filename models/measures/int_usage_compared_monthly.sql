-- Usage and cost of each month beside those of the month before.
-- Grain: one row per period_start_date, dimension (all, customer, plan, feature), dimension_value, resolved_provider,
-- resolved_model, service_tier and context_tier; of values that delivered inferences in both months alone.
{{ config(materialized='table') }}
{% set keys = ['dimension', 'dimension_value', 'resolved_provider', 'resolved_model', 'service_tier', 'context_tier'] %}
with

monthly as (

    select * from {{ ref('int_usage_parts_monthly') }}

),

-- A month is seen twice: as itself, and as what comes before the next one.
sides as (

    select
        period_start_date,
        {{ keys | join(',\n        ') }},
        {% for measure, data_type in bridge_measures().items() -%}
        {{ measure }},
        cast(0 as {{ data_type }}) as previous_{{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from monthly

    union all

    select
        cast({{ dbt.dateadd('month', 1, 'period_start_date') }} as date) as period_start_date,
        {{ keys | join(',\n        ') }},
        {% for measure, data_type in bridge_measures().items() -%}
        cast(0 as {{ data_type }}) as {{ measure }},
        {{ measure }} as previous_{{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from monthly

),

compared as (

    select
        period_start_date,
        {{ keys | join(',\n        ') }},
        {% for measure, data_type in bridge_measures().items() -%}
        cast(sum({{ measure }}) as {{ data_type }}) as {{ measure }},
        cast(sum(previous_{{ measure }}) as {{ data_type }}) as previous_{{ measure }},
        {% endfor -%}
        sum(sum(successful_inference_count)) over (
            partition by period_start_date, dimension, dimension_value
        ) as delivered_count,
        sum(sum(previous_successful_inference_count)) over (
            partition by period_start_date, dimension, dimension_value
        ) as previous_delivered_count
    from sides
    group by
        period_start_date,
        {{ keys | join(',\n        ') }}

),

final as (

    select
        compared.period_start_date,
        compared.{{ keys | join(',\n        compared.') }},
        {% for measure in bridge_measures() -%}
        compared.{{ measure }},
        compared.previous_{{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from compared
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on compared.period_start_date <= as_of.as_of_date
    where
        compared.delivered_count > 0
        and compared.previous_delivered_count > 0

)

select * from final
