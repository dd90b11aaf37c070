-- The price of every token bucket for each model name of the logs and day, list and negotiated.
-- Grain: one row per provider, model, service_tier, utc_date, from_second and input_tokens_from.
-- Written as a table: every call joins it, and the days whose prices changed are found by comparing it with the
-- prices the facts were last built with (int_days_touched).
-- decisions.md, Price overrides.
{{ config(materialized='table') }}
{% set buckets = ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output', 'request'] %}
{% set cache_buckets = ['cache_read', 'cache_write_5m', 'cache_write_1h'] %}
{#- Parts of a bucket with a price of their own, and the bucket whose discount they share. -#}
{% set parts = {
    'reasoning': 'output',
    'input_audio': 'input',
    'input_image': 'input',
    'cache_audio_read': 'cache_read',
    'output_audio': 'output',
    'output_image': 'output',
} %}
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
        {% for bucket in buckets -%}
        max(price_usd_per_mtok) filter (where token_bucket = '{{ bucket }}') as {{ bucket }}_override,
        max(discount_ratio) filter (where token_bucket = '{{ bucket }}') as {{ bucket }}_discount,
        {% endfor -%}
        provider,
        model,
        service_tier,
        utc_date
    from overrides
    group by
        provider,
        model,
        service_tier,
        utc_date

),

joined as (

    select
        list_prices.*,
        {% for bucket in buckets -%}
        overrides_by_model.{{ bucket }}_override,
        overrides_by_model.{{ bucket }}_discount,
        coalesce(overrides_by_model.{{ bucket }}_override, overrides_by_model.{{ bucket }}_discount) is not null
            as has_{{ bucket }}_override,
        {% endfor -%}
        overrides_by_model.provider is not null as has_override,
        -- A discount alone prices nothing: a model the book does not know needs a price.
        list_prices.is_in_book
        or coalesce(
            overrides_by_model.input_override, overrides_by_model.cache_read_override,
            overrides_by_model.cache_write_5m_override, overrides_by_model.cache_write_1h_override,
            overrides_by_model.output_override, overrides_by_model.request_override
        ) is not null as has_price,
        model_tiers.model_tier
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
        case
            when {{ bucket }}_override is not null then {{ bucket }}_override
            when has_{{ bucket }}_price or {{ bucket }}_discount is not null
                then {{ discounted(bucket ~ '_usd_per_mtok', bucket ~ '_discount') }}
        end as own_{{ bucket }},
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

per_token as (

    -- To 1e-12, and what is finer: see the macro token_cost.
    select
        *,
        {% for price in token_prices() -%}
        {%- set name = price | replace('_usd_per_token', '') -%}
        cast({{ per_token('net_' ~ name) }} as decimal(19, 12)) as {{ price }},
        cast(
            {{ per_token('net_' ~ name) }} - cast({{ per_token('net_' ~ name) }} as decimal(19, 12)) as decimal(21, 21)
        ) as {{ price }}_rest,
        cast({{ per_token(name ~ '_usd_per_mtok') }} as decimal(19, 12)) as list_{{ price }},
        cast(
            {{ per_token(name ~ '_usd_per_mtok') }} - cast({{ per_token(name ~ '_usd_per_mtok') }} as decimal(19, 12))
            as decimal(21, 21)
        ) as list_{{ price }}_rest,
        {% endfor -%}
        cast(net_web_search as decimal(19, 12)) as net_web_search_usd,
        cast(web_search_usd as decimal(19, 12)) as list_web_search_usd,
        {{ money('net_request') }} as net_request_usd,
        {{ money('coalesce(request_usd, 0)') }} as list_request_usd
    from followed

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
        net_web_search_usd as web_search_usd,
        list_web_search_usd,
        net_request_usd as request_usd,
        list_request_usd,
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
        has_price,
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
