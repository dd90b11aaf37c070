-- What was used and what it cost, by day and everything a cost can be asked by. All measures are additive.
-- Grain: one row per usage_date and usage_row_dimensions(): customer, what the log says of the call, model and tiers.
-- Cost by component is effective: as billed, where there is a bill. Billed money that no call carries has rows of its
-- own, without counts. Internal use is in here: metrics leave it out (int_usage_by_dimension_daily).
-- Tokens, cost and prompt efficiency count calls that a provider answered; what a response-cache hit replays stands
-- in replayed_tokens alone.
{{ config(**touched_days_config('int_usage_days_touched')) }}
with

usage_rows as (

    select * from {{ ref('int_usage_trued_up_daily') }}
    {{ where_touched('int_usage_days_touched') }}

),

-- The parts of a row: its calls, and what bills and training jobs put on it.
parts as (

    select
        usage_date,
        {% for dimension in usage_row_dimensions() -%}
        {{ dimension }},
        {% endfor -%}
        {% for measure in usage_measures() -%}
        {{ measure }},
        {% endfor -%}
        {% for component in cost_components() -%}
        {{ component if component in cost_components('calls') else money('0') ~ ' as ' ~ component }},
        {% endfor -%}
        -- A usage row has one call type, so its priced cost belongs to one group of bills.
        case
            when case when {{ is_llm_call('call_type') }} then is_llm_api_covered else is_embedding_covered end
                then 'trued_up'
            when computed_cost_usd <> 0 then 'estimated'
        end as cost_status
    from usage_rows
    {% for relation, rows, cost, cost_status in [
        (ref('int_bills_allocated_to_usage'), "component <> 'other_cogs'", 'allocated_cost_usd', "'billed'"),
        (ref('int_bills_unattributed_daily'), "component <> 'other_cogs'", 'unattributed_cost_usd',
            "case when component in ('llm_api', 'embedding') then 'trued_up' else 'billed' end"),
        (ref('int_finetuning_charged_to_calls'), 'true', none, 'cast(null as string)'),
    ] %}
    union all

    select
        usage_date,
        {% for dimension in usage_row_dimensions() -%}
        {{ dimension }},
        {% endfor -%}
        {% for measure, data_type in usage_measures().items() -%}
        cast(0 as {{ data_type }}) as {{ measure }},
        {% endfor -%}
        {% for component in cost_components() -%}
        {% if cost -%}
        {{ cost_of_component(component, cost) }} as {{ component }},
        {% else -%}
        {{ component if component in cost_components('training') else money('0') ~ ' as ' ~ component }},
        {% endif -%}
        {% endfor -%}
        {{ cost_status }} as cost_status
    from {{ relation }}
    where
        {{ rows }}
        {{ where_touched('int_usage_days_touched', keyword='and') }}
    {% endfor %}
),

summed as (

    select
        usage_date,
        {% for dimension in usage_row_dimensions() -%}
        {{ dimension }},
        {% endfor -%}
        {% for measure, data_type in usage_measures().items() -%}
        cast(sum({{ measure }}) as {{ data_type }}) as {{ measure }},
        {% endfor -%}
        {% for component in cost_components() -%}
        {{ cost_sum(component) }} as {{ component }},
        {% endfor -%}
        {{ weakest_cost_status('cost_status') }} as cost_status
    from parts
    group by
        usage_date,
        {{ usage_row_dimensions() | join(',\n        ') }}

),

final as (

    select
        usage_date,
        {% for dimension in usage_row_dimensions() -%}
        {{ dimension }},
        {% endfor -%}
        {{ model_key('provider', 'model') }} as model_key,
        {% for measure in usage_measures() -%}
        {{ measure }},
        {% endfor -%}
        {% for component in cost_components() -%}
        {{ component }},
        {% endfor -%}
        {{ money((cost_components('calls') + cost_components('bills')) | join(' + ')) }} as inference_cost_usd,
        {{ money(cost_components() | join(' + ')) }} as ai_cost_usd,
        cost_status
    from summed

)

select * from final
