-- Why the token cost of served inferences, per delivered inference, moved from one month to the next.
-- Grain: one row per period_start_date, dimension and dimension_value that delivered inferences in both months.
-- Served ratio × Σ models share of the served × tokens per inference × price of a token; a product's change as in
-- int_token_prices_compared_monthly. The six effects make the change of the cost; decisions.md, CPI bridge.
{% set keys = ['period_start_date', 'dimension', 'dimension_value'] %}
{% set within = ['token_composition', 'service_tier', 'price'] %}
with

usage_rows as (

    select * from {{ ref('int_usage_compared_monthly') }}

),

models as (

    select
        {{ keys | join(',\n        ') }},
        resolved_provider,
        resolved_model,
        {% for side in ['', 'previous_'] -%}
        {{ token_sum(side ~ 'successful_inference_count') }} as {{ side }}delivered,
        {{ token_sum(side ~ 'served_inference_count') }} as {{ side }}served,
        {{ token_sum(side ~ 'productive_' ~ served_buckets() | join('_tokens + ' ~ side ~ 'productive_') ~ '_tokens') }}
            as {{ side }}tokens,
        {{ cost_sum(
            side ~ 'productive_' ~ served_buckets() | join('_cost_usd + ' ~ side ~ 'productive_') ~ '_cost_usd'
        ) }} as {{ side }}cost_usd{{ ',' if not loop.last }}
        {% endfor %}
    from usage_rows
    group by
        {{ keys | join(',\n        ') }},
        resolved_provider,
        resolved_model

),

models_priced as (

    select
        models.*,
        {% for side in ['', 'previous_'] -%}
        {{ bridge_price('models.' ~ side ~ 'cost_usd', 'models.' ~ side ~ 'tokens') }} as {{ side }}token_price_usd,
        {{ ratio('models.' ~ side ~ 'cost_usd', 'models.' ~ side ~ 'served') }} as {{ side }}served_cost_usd,
        cast(sum(models.{{ side }}served) over (
            partition by models.{{ keys | join(', models.') }}
        ) as bigint) as {{ side }}all_served,
        {% endfor -%}
        {% for effect in within -%}
        {{ money('coalesce(token_prices.' ~ effect ~ '_usd_per_gtok, 0)') }} as {{ effect }}_price_usd
        {{- ',' if not loop.last }}
        {% endfor %}
    from models
    left join {{ ref('int_token_prices_compared_monthly') }} as token_prices
        on {% for key in keys + ['resolved_provider', 'resolved_model'] -%}
        models.{{ key }} = token_prices.{{ key }}
        {{ 'and ' if not loop.last }}
        {%- endfor %}

),

models_explained as (

    -- Of a model of both months, in USD per inference it served; a model of one month only is all mix.
    select
        *,
        case when served > 0 and previous_served > 0 then {{ bridge_share_change(
            bridge_mean('token_price_usd'), 'tokens', 'served', ' * 1000000000'
        ) }} end as tokens_per_inference_usd,
        {% for effect in within -%}
        case when served > 0 and previous_served > 0 then {{ bridge_share_mean(
            effect ~ '_price_usd', 'tokens', 'served', ' * 1000000000'
        ) }} end as {{ effect }}_usd{{ ',' if not loop.last }}
        {% endfor %}
    from models_priced

),

summed as (

    -- In USD per inference served. A month that served none has no mix: all is response cache.
    select
        {{ keys | join(',\n        ') }},
        {% for side in ['', 'previous_'] -%}
        {{ token_sum(side ~ 'delivered') }} as {{ side }}delivered,
        {{ token_sum(side ~ 'served') }} as {{ side }}served,
        {{ ratio('sum(' ~ side ~ 'cost_usd)', 'sum(' ~ side ~ 'served)') }} as {{ side }}served_cost_usd,
        {% endfor -%}
        {% set both = 'all_served > 0 and previous_all_served > 0' -%}
        {{ cost_sum(bridge_share_change(bridge_mean('served_cost_usd'), 'served', 'all_served'), both) }}
            as model_mix_usd,
        {% for effect in ['tokens_per_inference'] + within -%}
        {{ cost_sum(bridge_share_mean(effect ~ '_usd', 'served', 'all_served'), both) }} as {{ effect }}_usd
        {{- ',' if not loop.last }}
        {% endfor %}
    from models_explained
    group by
        {{ keys | join(',\n        ') }}

),

final as (

    select
        {{ keys | join(',\n        ') }},
        {% for effect in within[::-1] + ['tokens_per_inference', 'model_mix'] -%}
        {{ bridge_share_mean(effect ~ '_usd', 'served', 'delivered') }} as {{ effect }}_cpi_usd,
        {% endfor -%}
        {{ money('coalesce(' ~ bridge_share_change(bridge_mean('served_cost_usd'), 'served', 'delivered') ~ ', 0)') }}
            as response_cache_cpi_usd
    from summed

)

select * from final
