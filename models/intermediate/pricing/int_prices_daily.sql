-- The price of every token bucket for each model name of the logs and day, list and negotiated.
-- Grain: one row per provider, model, service_tier, utc_date, from_second and input_tokens_from.
-- Written as a table: every call joins it, and the days whose prices changed are found by comparing it with the
-- prices the facts were last built with (int_days_touched).
{{ config(materialized='table') }}
with

list_prices as (

    select * from {{ ref('int_list_prices_daily') }}

),

overrides as (

    select * from {{ ref('int_price_overrides_matched') }}

),

model_tiers as (

    select * from {{ ref('int_model_tiers_daily') }}

),

overrides_by_model as (

    select
        provider,
        model,
        service_tier,
        utc_date,
        max(price_usd_per_mtok) filter (where token_bucket = 'input') as input_override,
        max(discount_ratio) filter (where token_bucket = 'input') as input_discount,
        max(price_usd_per_mtok) filter (where token_bucket = 'cache_read') as cache_read_override,
        max(discount_ratio) filter (where token_bucket = 'cache_read') as cache_read_discount,
        max(price_usd_per_mtok) filter (where token_bucket = 'cache_write_5m') as cache_write_5m_override,
        max(discount_ratio) filter (where token_bucket = 'cache_write_5m') as cache_write_5m_discount,
        max(price_usd_per_mtok) filter (where token_bucket = 'cache_write_1h') as cache_write_1h_override,
        max(discount_ratio) filter (where token_bucket = 'cache_write_1h') as cache_write_1h_discount,
        max(price_usd_per_mtok) filter (where token_bucket = 'output') as output_override,
        max(discount_ratio) filter (where token_bucket = 'output') as output_discount,
        max(price_usd_per_mtok) filter (where token_bucket = 'request') as request_override,
        max(discount_ratio) filter (where token_bucket = 'request') as request_discount
    from overrides
    group by
        provider,
        model,
        service_tier,
        utc_date

),

negotiated as (

    -- An absolute price holds for every context tier and beats a discount. A bucket without any price of its own
    -- follows its parent's negotiated price.
    select
        list_prices.*,
        model_tiers.model_tier,
        overrides_by_model.provider is not null as has_override,
        coalesce(overrides_by_model.input_override, overrides_by_model.input_discount) is not null as has_input_override,
        coalesce(overrides_by_model.cache_read_override, overrides_by_model.cache_read_discount) is not null as has_cache_read_override,
        coalesce(overrides_by_model.cache_write_5m_override, overrides_by_model.cache_write_5m_discount) is not null as has_cache_write_5m_override,
        coalesce(overrides_by_model.cache_write_1h_override, overrides_by_model.cache_write_1h_discount) is not null as has_cache_write_1h_override,
        coalesce(overrides_by_model.output_override, overrides_by_model.output_discount) is not null as has_output_override,
        coalesce(overrides_by_model.request_override, overrides_by_model.request_discount) is not null as has_request_override,
        coalesce(overrides_by_model.input_override, {{ discounted('list_prices.input_usd_per_mtok', 'overrides_by_model.input_discount') }})
            as net_input_usd_per_mtok,
        coalesce(
            overrides_by_model.cache_read_override,
            case
                when list_prices.has_cache_read_price or overrides_by_model.cache_read_discount is not null
                    then {{ discounted('list_prices.cache_read_usd_per_mtok', 'overrides_by_model.cache_read_discount') }}
            end
        ) as own_cache_read_usd_per_mtok,
        coalesce(
            overrides_by_model.cache_write_5m_override,
            case
                when list_prices.has_cache_write_5m_price or overrides_by_model.cache_write_5m_discount is not null
                    then {{ discounted('list_prices.cache_write_5m_usd_per_mtok', 'overrides_by_model.cache_write_5m_discount') }}
            end
        ) as own_cache_write_5m_usd_per_mtok,
        coalesce(
            overrides_by_model.cache_write_1h_override,
            case
                when list_prices.has_cache_write_1h_price or overrides_by_model.cache_write_1h_discount is not null
                    then {{ discounted('list_prices.cache_write_1h_usd_per_mtok', 'overrides_by_model.cache_write_1h_discount') }}
            end
        ) as own_cache_write_1h_usd_per_mtok,
        coalesce(overrides_by_model.output_override, {{ discounted('list_prices.output_usd_per_mtok', 'overrides_by_model.output_discount') }})
            as net_output_usd_per_mtok,
        {{ discounted('list_prices.reasoning_usd_per_mtok', 'overrides_by_model.output_discount') }} as net_reasoning_usd_per_mtok,
        {{ discounted('list_prices.input_audio_usd_per_mtok', 'overrides_by_model.input_discount') }} as net_input_audio_usd_per_mtok,
        {{ discounted('list_prices.input_image_usd_per_mtok', 'overrides_by_model.input_discount') }} as net_input_image_usd_per_mtok,
        {{ discounted('list_prices.cache_audio_read_usd_per_mtok', 'overrides_by_model.cache_read_discount') }} as net_cache_audio_read_usd_per_mtok,
        {{ discounted('list_prices.output_audio_usd_per_mtok', 'overrides_by_model.output_discount') }} as net_output_audio_usd_per_mtok,
        {{ discounted('list_prices.output_image_usd_per_mtok', 'overrides_by_model.output_discount') }} as net_output_image_usd_per_mtok,
        {{ money(discounted('list_prices.web_search_usd', 'overrides_by_model.request_discount')) }} as net_web_search_usd,
        {{ money("coalesce(overrides_by_model.request_override * cast(0.000001 as decimal(6, 6)), "
            ~ discounted('list_prices.request_usd', 'overrides_by_model.request_discount') ~ ", 0)") }} as net_request_usd
    from list_prices
    left join overrides_by_model
        on list_prices.provider = overrides_by_model.provider
        and list_prices.model = overrides_by_model.model
        and list_prices.service_tier = overrides_by_model.service_tier
        and list_prices.utc_date = overrides_by_model.utc_date
    left join model_tiers
        on list_prices.provider = model_tiers.provider
        and list_prices.model = model_tiers.model
        and list_prices.utc_date = model_tiers.utc_date

),

per_token as (

    -- USD per token, exact: decimal(19, 15) × 1e-6 has 21 decimals.
    select
        *,
        {{ per_token('net_input_usd_per_mtok') }} as exact_input,
        {{ per_token('input_usd_per_mtok') }} as exact_list_input,
        {{ per_token('coalesce(own_cache_read_usd_per_mtok, net_input_usd_per_mtok)') }} as exact_cache_read,
        {{ per_token('cache_read_usd_per_mtok') }} as exact_list_cache_read,
        {{ per_token('coalesce(own_cache_write_5m_usd_per_mtok, net_input_usd_per_mtok)') }} as exact_cache_write_5m,
        {{ per_token('cache_write_5m_usd_per_mtok') }} as exact_list_cache_write_5m,
        {{ per_token('coalesce(own_cache_write_1h_usd_per_mtok, own_cache_write_5m_usd_per_mtok, net_input_usd_per_mtok)') }}
            as exact_cache_write_1h,
        {{ per_token('cache_write_1h_usd_per_mtok') }} as exact_list_cache_write_1h,
        {{ per_token('net_output_usd_per_mtok') }} as exact_output,
        {{ per_token('output_usd_per_mtok') }} as exact_list_output,
        {{ per_token('net_reasoning_usd_per_mtok') }} as exact_reasoning,
        {{ per_token('reasoning_usd_per_mtok') }} as exact_list_reasoning,
        {{ per_token('net_input_audio_usd_per_mtok') }} as exact_input_audio,
        {{ per_token('input_audio_usd_per_mtok') }} as exact_list_input_audio,
        {{ per_token('net_input_image_usd_per_mtok') }} as exact_input_image,
        {{ per_token('input_image_usd_per_mtok') }} as exact_list_input_image,
        {{ per_token('net_cache_audio_read_usd_per_mtok') }} as exact_cache_audio_read,
        {{ per_token('cache_audio_read_usd_per_mtok') }} as exact_list_cache_audio_read,
        {{ per_token('net_output_audio_usd_per_mtok') }} as exact_output_audio,
        {{ per_token('output_audio_usd_per_mtok') }} as exact_list_output_audio,
        {{ per_token('net_output_image_usd_per_mtok') }} as exact_output_image,
        {{ per_token('output_image_usd_per_mtok') }} as exact_list_output_image
    from negotiated

),

split as (

    -- To 1e-12, and what is finer: see the macro token_cost.
    select
        *,
        {% for price in token_prices() -%}
        {%- set name = price | replace('_usd_per_token', '') -%}
        cast(exact_{{ name }} as decimal(19, 12)) as {{ price }},
        cast(exact_{{ name }} - cast(exact_{{ name }} as decimal(19, 12)) as decimal(21, 21)) as {{ price }}_rest,
        cast(exact_list_{{ name }} as decimal(19, 12)) as list_{{ price }},
        cast(exact_list_{{ name }} - cast(exact_list_{{ name }} as decimal(19, 12)) as decimal(21, 21))
            as list_{{ price }}_rest{{ ',' if not loop.last }}
        {% endfor %}
    from per_token

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
        is_self_hosted,
        is_in_book,
        has_override,
        has_tier_fallback,
        has_input_override,
        has_cache_read_override,
        has_cache_write_5m_override,
        has_cache_write_1h_override,
        has_output_override,
        has_request_override,
        own_cache_read_usd_per_mtok is null as has_cache_read_fallback,
        own_cache_write_5m_usd_per_mtok is null as has_cache_write_5m_fallback,
        own_cache_write_1h_usd_per_mtok is null as has_cache_write_1h_fallback,
        {% for price in token_prices() -%}
        coalesce({{ price }}_rest, 0) <> 0 or coalesce(list_{{ price }}_rest, 0) <> 0{{ ' or' if not loop.last }}
        {% endfor -%}
        as has_price_rest,
        {% for price in token_prices() -%}
        {{ price }},
        {{ price }}_rest,
        list_{{ price }},
        list_{{ price }}_rest,
        {% endfor -%}
        cast(net_web_search_usd as decimal(19, 12)) as web_search_usd,
        cast(web_search_usd as decimal(19, 12)) as list_web_search_usd,
        net_request_usd as request_usd,
        {{ money('coalesce(request_usd, 0)') }} as list_request_usd
    from split

)

select * from final
