-- Calls with the cost of every token bucket at the prices of the moment they were served.
-- Grain: one row per call_id. A view: at ten million calls, writing it beside int_calls_priced would double the build.
-- decisions.md, Price of a call.
{% set buckets = ['uncached_input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output'] %}
with

calls as (

    select * from {{ ref('int_calls_attributed') }}

),

prices as (

    select * from {{ ref('int_prices_daily') }}

),

sized as (

    -- Audio and image tokens are stated of the whole input: what was read from the cache is not uncached.
    {% set audio = 'least(greatest(input_audio_tokens - cache_audio_read_tokens, 0), uncached_input_tokens)' -%}
    select
        *,
        {{ second_of_day('requested_at') }} as requested_second,
        uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens as total_input_tokens,
        {{ audio }} as uncached_audio_tokens,
        least(input_image_tokens, uncached_input_tokens - {{ audio }}) as uncached_image_tokens
    from calls

),

matched as (

    select
        sized.*,
        coalesce(prices.resolved_provider, nullif(sized.provider, '')) as resolved_provider,
        coalesce(prices.resolved_model, sized.model) as resolved_model,
        prices.model_tier,
        coalesce(prices.context_tier, 'base') as context_tier,
        coalesce(prices.is_self_hosted, false) as is_self_hosted,
        -- A delivered call whose tokens were not logged is not free.
        {{ has_price('prices', 'sized.total_input_tokens + sized.output_tokens') }}
        and not coalesce(sized.has_unknown_tokens, false) as has_price,
        coalesce(prices.is_in_book and prices.has_override, false) as has_other_list_price,
        coalesce(prices.has_price_rest, false) as has_price_rest,

        ---------- which of the used buckets were negotiated, which borrowed their parent's price
        prices.has_request_override
        {%- for bucket in buckets %}
        or (sized.{{ bucket }}_tokens > 0 and prices.has_{{ bucket | replace('uncached_', '') }}_override)
        {%- endfor %} as uses_override,
        prices.has_tier_fallback
        {%- for bucket in buckets if bucket.startswith('cache_') %}
        or (sized.{{ bucket }}_tokens > 0 and prices.has_{{ bucket }}_fallback)
        {%- endfor %} as uses_price_fallback,

        {% for price in token_prices() -%}
        prices.{{ price }}, prices.{{ price }}_rest, prices.list_{{ price }}, prices.list_{{ price }}_rest,
        {% endfor -%}
        prices.web_search_usd, prices.list_web_search_usd, prices.request_usd, prices.list_request_usd
    from sized
    left join prices
        on sized.provider = prices.provider
        and sized.model = prices.model
        and sized.service_tier = prices.service_tier
        and sized.utc_date = prices.utc_date
        and sized.requested_second >= prices.from_second
        and sized.requested_second < prices.to_second
        and sized.total_input_tokens >= prices.input_tokens_from
        and (prices.input_tokens_to is null or sized.total_input_tokens < prices.input_tokens_to)

),

costed as (

    select
        *,
        {% for cost, expression in call_costs().items() -%}
        {{ expression }} as {{ cost }},
        {% endfor -%}
        -- List price is worked out only where it differs; a model the book does not know has its negotiated price.
        case
            when has_other_list_price then {{ money(call_costs('list_').values() | join(' + ')) }}
        end as list_cost_with_override_usd
    from matched

),

summed as (

    select
        *,
        case when has_price then {{ money(call_costs().keys() | join(' + ')) }} end as computed_cost_usd
    from costed

),

final as (

    select
        _load_id,
        _source_row,
        call_id,
        request_id,
        workflow_run_id,
        user_id,
        source_name,
        requested_at,
        utc_date,
        usage_date,
        {% for dimension in usage_row_dimensions() -%}
        {{ dimension }},
        {% endfor -%}
        status,
        case
            when is_response_cache_hit then 'response_cache_hit'
            when not coalesce(is_billed, {{ is_billed_by_default('status', 'resolved_provider', 'provider') }}) then 'not_billed'
            when is_self_hosted then 'self_hosted'
            when computed_cost_usd is null and call_type = 'retrieval' then 'allocated'
            when computed_cost_usd is null then 'unpriced'
            when uses_override then 'overridden'
            else 'priced'
        end as pricing_status,
        prompt_hash,
        prefix_hash,
        prompt_version,
        attempt_number,
        latency_ms,
        gpu_seconds,
        {% for bucket in token_buckets() -%}
        {{ bucket }},
        {% endfor -%}
        {% for cost in call_costs() -%}
        {{ cost }},
        {% endfor -%}
        computed_cost_usd,
        coalesce(list_cost_with_override_usd, computed_cost_usd) as list_cost_usd,
        logged_cost_usd,
        is_inference_type,
        is_representative,
        delivered_date,
        is_response_cache_hit,
        uses_price_fallback,
        has_assumed_ttl
    from summed

)

select * from final
