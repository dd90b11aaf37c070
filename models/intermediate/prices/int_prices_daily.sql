-- The price of every token bucket for each model name of the logs and day, list and negotiated, per token.
-- Grain: one row per provider, model, service_tier, utc_date, from_second and input_tokens_from.
-- Written as a table: every call joins it, and the days whose prices changed are found by comparing it with the
-- prices the facts were last built with (int_days_touched).
{{ config(materialized='table') }}
with

prices as (

    select * from {{ ref('int_prices_negotiated_daily') }}

),

per_token as (

    -- To 1e-12, and what is finer: see the macro token_cost.
    select
        *,
        {% for price in token_prices() -%}
        {%- set name = price | replace('_usd_per_token', '') -%}
        {%- for column, source in {price: 'net_' ~ name, 'list_' ~ price: 'list_' ~ name}.items() -%}
        cast({{ per_token(source) }} as decimal(19, 12)) as {{ column }},
        cast({{ per_token(source) }} - cast({{ per_token(source) }} as decimal(19, 12)) as decimal(21, 21))
            as {{ column }}_rest,
        {% endfor -%}
        {% endfor -%}
        cast(net_web_search as decimal(19, 12)) as web_search_usd,
        cast(list_web_search as decimal(19, 12)) as list_web_search_usd,
        {{ money('net_request') }} as request_usd,
        {{ money('coalesce(list_request, 0)') }} as list_request_usd
    from prices

),

final as (

    select
        provider,
        model,
        service_tier,
        utc_date,
        from_second,
        to_second,
        input_tokens_from,
        input_tokens_to,
        resolved_provider,
        resolved_model,
        model_tier,
        context_tier,
        {% for price in token_prices() -%}
        {{ price }},
        {{ price }}_rest,
        list_{{ price }},
        list_{{ price }}_rest,
        {% endfor -%}
        web_search_usd,
        list_web_search_usd,
        request_usd,
        list_request_usd,
        has_input_override,
        has_cache_read_override,
        has_cache_write_5m_override,
        has_cache_write_1h_override,
        has_output_override,
        has_request_override,
        {% for bucket in ['cache_read', 'cache_write_5m', 'cache_write_1h'] -%}
        has_{{ bucket }}_fallback,
        {% endfor -%}
        has_price,
        has_unstated_units,
        has_override,
        has_tier_fallback,
        is_self_hosted,
        is_in_book,
        greatest(
            {% for price in token_prices() -%}
            abs(coalesce({{ price }}_rest, 0)),
            abs(coalesce(list_{{ price }}_rest, 0)),
            {% endfor -%}
            0
        ) > 0 as has_price_rest
    from per_token

)

select * from final
