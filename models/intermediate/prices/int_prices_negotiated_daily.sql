-- The negotiated prices of every token bucket beside the list prices, per million tokens.
-- Grain: one row per provider, model, service_tier, utc_date, from_second and input_tokens_from.
-- decisions.md, Price overrides.
{% set buckets = ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output', 'request'] %}
{% set cache_buckets = ['cache_read', 'cache_write_5m', 'cache_write_1h'] %}
{#- Parts of a bucket with a price of their own, and the bucket whose discount they share. -#}
{% set parts = {
    'reasoning': 'output', 'input_audio': 'input', 'input_image': 'input',
    'cache_audio_read': 'cache_read', 'output_audio': 'output', 'output_image': 'output',
} %}
with

list_prices as (

    select * from {{ ref('int_list_prices_daily') }}

),

overrides as (

    select * from {{ ref('int_price_overrides_matched') }}

),

joined as (

    select
        list_prices.*,
        {% for bucket in buckets -%}
        overrides.{{ bucket }}_override,
        overrides.{{ bucket }}_discount,
        coalesce(overrides.{{ bucket }}_override, overrides.{{ bucket }}_discount) is not null
            as has_{{ bucket }}_override,
        {% endfor -%}
        overrides.provider is not null as has_override,
        -- A discount alone prices nothing: a model the book has no price of needs one.
        coalesce(
            {% for bucket in buckets -%}
            overrides.{{ bucket }}_override{{ ',' if not loop.last }}
            {% endfor %}
        ) is not null as has_negotiated_price,
        model_tiers.model_tier
    from list_prices
    left join overrides
        on list_prices.provider = overrides.provider
        and list_prices.model = overrides.model
        and list_prices.service_tier = overrides.service_tier
        and list_prices.utc_date = overrides.utc_date
    left join {{ ref('int_model_tiers_daily') }} as model_tiers
        on list_prices.provider = model_tiers.provider
        and list_prices.model = model_tiers.model
        and list_prices.utc_date = model_tiers.utc_date

),

negotiated as (

    -- An absolute price holds for every context tier and beats a discount. A cache bucket without a price of its own
    -- and without an override stays empty here: it follows the negotiated price of its parent.
    select
        *,
        {% for bucket in ['input', 'output'] -%}
        coalesce({{ bucket }}_override, {{ discounted(bucket ~ '_usd_per_mtok', bucket ~ '_discount') }})
            as net_{{ bucket }},
        {% endfor -%}
        {% for bucket in cache_buckets -%}
        coalesce({{ bucket }}_override, case
            when has_{{ bucket }}_price or {{ bucket }}_discount is not null
                then {{ discounted(bucket ~ '_usd_per_mtok', bucket ~ '_discount') }}
        end) as own_{{ bucket }},
        not has_{{ bucket }}_price and {{ bucket }}_override is null as has_{{ bucket }}_fallback,
        {% endfor -%}
        {% for part, bucket in parts.items() -%}
        {{ discounted(part ~ '_usd_per_mtok', bucket ~ '_discount') }} as net_{{ part }},
        {% endfor -%}
        {{ discounted('web_search_usd', 'request_discount') }} as net_web_search,
        -- Negotiated per million requests.
        coalesce(
            request_override * cast(0.000001 as decimal(6, 6)),
            {{ discounted('request_usd', 'request_discount') }},
            0
        ) as net_request
    from joined

),

followed as (

    select
        *,
        coalesce(own_cache_read, net_input) as net_cache_read,
        coalesce(own_cache_write_5m, net_input) as net_cache_write_5m,
        coalesce(own_cache_write_1h, own_cache_write_5m, net_input) as net_cache_write_1h
    from negotiated

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
        {%- set name = price | replace('_usd_per_token', '') -%}
        {{ name }}_usd_per_mtok as list_{{ name }},
        cast(net_{{ name }} as decimal(22, 15)) as net_{{ name }},
        {% endfor -%}
        web_search_usd as list_web_search,
        net_web_search,
        request_usd as list_request,
        cast(net_request as decimal(31, 21)) as net_request,
        -- A bucket that follows its parent's price follows its negotiation too.
        has_input_override,
        has_cache_read_override or (has_cache_read_fallback and has_input_override) as has_cache_read_override,
        has_cache_write_5m_override or (has_cache_write_5m_fallback and has_input_override)
            as has_cache_write_5m_override,
        has_cache_write_1h_override
        or (has_cache_write_1h_fallback and has_cache_write_5m_override)
        or (has_cache_write_1h_fallback and has_cache_write_5m_fallback and has_input_override)
            as has_cache_write_1h_override,
        has_output_override,
        has_request_override,
        {% for bucket in cache_buckets -%}
        has_{{ bucket }}_fallback,
        {% endfor -%}
        is_in_book or has_negotiated_price as has_price,
        has_other_units and not has_negotiated_price as has_unstated_units,
        has_override,
        has_tier_fallback,
        is_self_hosted,
        is_in_book
    from followed

)

select * from final
