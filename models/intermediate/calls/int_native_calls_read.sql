-- What the logs of other programs say, read once: their JSON is opened when a row lands and never again.
-- Grain: one row per landed row (source_name, _load_id, _source_row), what is no call and older versions included.
-- Appended by load. What a row says depends on it alone; what its neighbours say of it is int_native_calls_judged's.
{{ config(materialized='incremental', on_schema_change='fail', **appended_config()) }}
{% set sources = [
    'stg_litellm__spend_logs', 'stg_langfuse__observations', 'stg_helicone__requests', 'stg_otel__genai_spans',
    'stg_openrouter__generations'
] %}
{#- What a log need not say, as the yml of its staging model then has no such column, and what stands for it. -#}
{% set text = 'cast(null as string)' %}
{% set stands_for = {
    'provider_response_id': text,
    'context_id': text,
    'parent_call_id': text,
    'span_name': text,
    'logged_customer_id': text,
    'user_id': text,
    'workflow_run_id': text,
    'service_tier': "'standard'",
    'call_type': "'generation'",
    'team': text,
    'workflow': text,
    'step': text,
    'environment': text,
    'prompt_version': text,
    'token_semantics': "'inclusive'",
    'attributes': json_entries(text),
    'tag_attributes': tag_entries(text),
    'cache_read_tokens': 'cast(0 as bigint)',
    'cache_write_5m_tokens': 'cast(0 as bigint)',
    'cache_write_1h_tokens': 'cast(0 as bigint)',
    'reasoning_tokens': 'cast(0 as bigint)',
    'input_audio_tokens': 'cast(0 as bigint)',
    'output_audio_tokens': 'cast(0 as bigint)',
    'attempt_number': 'cast(1 as bigint)',
    'latency_ms': 'cast(null as bigint)',
    'web_search_requests': 'cast(0 as bigint)',
    'logged_cost_usd': 'cast(null as decimal(28, 12))',
    'is_response_cache_hit': 'false',
    'has_assumed_ttl': 'false',
    'has_unknown_tokens': 'false',
    'updated_at': 'cast(null as timestamp)',
} %}
{% set columns = [
    'base_call_id', 'request_id', 'provider_response_id', 'context_id', 'parent_call_id', 'span_name',
    'logged_customer_id', 'user_id', 'workflow_run_id', 'provider', 'model', 'service_tier', 'call_type', 'status', 'team',
    'workflow', 'step', 'environment', 'prompt_version', 'token_semantics', 'attributes', 'tag_attributes',
    'uncached_input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens', 'output_tokens',
    'reasoning_tokens', 'input_audio_tokens', 'output_audio_tokens', 'attempt_number', 'latency_ms',
    'web_search_requests', 'logged_cost_usd', 'is_response_cache_hit', 'has_assumed_ttl', 'has_unknown_tokens',
    'requested_at', 'updated_at', 'skip_reason', 'source_name', '_load_id', '_source_row'
] %}
with

said as (

    {% for source in sources -%}
    {% set said = graph.nodes['model.ai_unit_economics.' ~ source].columns if execute else columns -%}
    select
        {% for column in columns -%}
        {{ column if column in said or column not in stands_for else stands_for[column] ~ ' as ' ~ column }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref(source) }}
    {% if is_incremental() -%}
    where _load_id > (select coalesce(max(landed._load_id), 0) from {{ this }} as landed)
    {% endif %}
    {%- if not loop.last %}
    union all

    {% endif %}
    {%- endfor %}
),

final as (

    select
        base_call_id,
        -- Not of the tags: they say what a call was for, and many calls say the same.
        coalesce({{ attribution('request_id', 'attributes') }}, request_id) as request_id,
        {% for column in columns[2:] -%}
        {{ column }},
        {% endfor -%}
        -- None of these logs says so: var billed_statuses does, of the provider that the name means.
        cast(null as boolean) as is_billed,
        cast(requested_at as date) as utc_date,
        cast({{ in_reporting_timezone('requested_at') }} as date) as usage_date
    from said

)

select * from final
