-- Calls among the spans of OpenTelemetry, every landed version, tokens in disjoint buckets; what is no call keeps its
-- row, because it may stand between two calls of a trace.
-- Grain: one row per landed row (_load_id, _source_row).
-- Attributes are spelt by convention and version: of each list the first that is there, newest first.
with

source as (

    select * from {{ source('raw', 'otel_genai_spans') }}

),

opened as (

    select
        *,
        lower(trim(trace_id)) as trace_key,
        {{ json_map('attributes') }} as attributes_map,
        {{ json_map('resource_attributes') }} as resource_map
    from source

),

named as (

    select
        *,
        lower(coalesce({{ map_text('attributes_map', [
            'gen_ai.operation.name', 'openinference.span.kind', 'llm.request.type', 'ai.operationId'
        ]) }}, '')) as operation,
        lower(coalesce(
            {{ map_text('attributes_map', ['gen_ai.provider.name', 'gen_ai.system']) }},
            split_part({{ map_text('attributes_map', 'ai.model.provider') }}, '.', 1),
            {{ map_text('attributes_map', ['llm.provider', 'llm.system']) }},
            ''
        )) as seller,
        coalesce({{ map_text('attributes_map', [
            'gen_ai.response.model', 'ai.response.model', 'gen_ai.request.model', 'ai.model.id', 'llm.model_name'
        ]) }}, '') as model_name,
        {{ map_text('attributes_map', ['gen_ai.request.model', 'ai.model.id', 'llm.model_name']) }} as asked_model_name
    from opened

),

stated as (

    select
        *,
        {{ map_tokens('attributes_map', [
            'gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'ai.usage.inputTokens', 'ai.usage.promptTokens',
            'llm.token_count.prompt', 'llm.usage.prompt_tokens'
        ]) }} as logged_input,
        {{ map_tokens('attributes_map', [
            'gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'ai.usage.outputTokens',
            'ai.usage.completionTokens', 'llm.token_count.completion', 'llm.usage.completion_tokens'
        ]) }} as logged_output,
        {{ map_tokens('attributes_map', [
            'gen_ai.usage.total_tokens', 'llm.token_count.total', 'llm.usage.total_tokens'
        ]) }} as stated_total,
        coalesce({{ map_tokens('attributes_map', [
            'gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens',
            'gen_ai.usage.input_tokens.cached', 'gen_ai.usage.input_cached_tokens',
            'gen_ai.usage.details.cache_read_tokens', 'gen_ai.usage.prompt_tokens_details.cached_tokens',
            'ai.usage.cachedInputTokens', 'ai.usage.inputTokenDetails.cacheReadTokens',
            'llm.token_count.prompt_details.cache_read'
        ]) }}, 0) as stated_cache_read,
        coalesce({{ map_tokens('attributes_map', [
            'gen_ai.usage.cache_write.input_tokens', 'gen_ai.usage.cache_creation.input_tokens',
            'gen_ai.usage.cache_creation_input_tokens', 'gen_ai.usage.cache_write_input_tokens',
            'gen_ai.usage.input_tokens.cache_write', 'gen_ai.usage.details.cache_write_tokens',
            'gen_ai.usage.prompt_tokens_details.cache_creation_tokens', 'ai.usage.inputTokenDetails.cacheWriteTokens',
            'llm.token_count.prompt_details.cache_write'
        ]) }}, 0) as stated_cache_write_5m,
        cast(0 as bigint) as stated_cache_write_1h,
        coalesce({{ map_tokens('attributes_map', [
            'gen_ai.usage.reasoning.output_tokens', 'gen_ai.usage.reasoning_tokens',
            'gen_ai.usage.output_tokens.reasoning', 'gen_ai.usage.completion_tokens_details.reasoning_tokens',
            'ai.usage.reasoningTokens', 'llm.token_count.completion_details.reasoning', 'llm.usage.reasoning_tokens'
        ]) }}, 0) as stated_reasoning,
        coalesce({{ map_tokens('attributes_map', ['llm.token_count.prompt_details.audio']) }}, 0) as input_audio_tokens,
        coalesce({{ map_tokens('attributes_map', ['llm.token_count.completion_details.audio']) }}, 0)
            as output_audio_tokens,
        {% if var('otel_disjoint_scopes') -%}
        case when scope_name in ('{{ var("otel_disjoint_scopes") | join("', '") }}') then 'disjoint' else 'inclusive' end
        {%- else -%}
        'inclusive'
        {%- endif %} as default_semantics,
        lower(model_name) like '%gemini%' or lower(model_name) like '%gemma%' as is_google_model,
        {{ map_text('attributes_map', 'error.type') }} as error_type,
        case
            when {{ map_text('attributes_map', 'error.type') }} is null
                and lower(coalesce(status_code, '')) not in ('2', 'error', 'status_code_error')
                then 'success'
            when lower(coalesce({{ map_text('attributes_map', 'error.type') }}, '')) like '%timeout%' then 'timeout'
            else 'error'
        end as call_status
    from named

),

settled as (

    select
        *,
        coalesce(logged_input, 0) as stated_input,
        coalesce(logged_output, 0) as stated_output,
        {{ token_semantics() }} as token_semantics,
        lower({{ map_text('attributes_map', [
            'openai.response.service_tier', 'gen_ai.openai.response.service_tier'
        ]) }}) as served_tier
    from stated

),

renamed as (

    select

        ---------- ids
        trace_key || ':' || lower(trim(span_id)) as base_call_id,
        trace_key || ':' || lower(trim(span_id)) as request_id,
        {{ map_text('attributes_map', ['gen_ai.response.id', 'ai.response.id']) }} as provider_response_id,
        trace_key as context_id,
        trace_key || ':' || lower(nullif(trim(parent_span_id), '')) as parent_call_id,
        cast(null as string) as logged_customer_id,
        {{ map_text('attributes_map', 'user.id') }} as user_id,
        coalesce({{ map_text('attributes_map', ['gen_ai.conversation.id', 'session.id']) }}, trace_key)
            as workflow_run_id,

        ---------- strings
        seller as provider,
        model_name as model,
        case when served_tier in ('default', 'auto') then 'standard' else coalesce(served_tier, 'standard') end
            as service_tier,
        case
            when operation like '%embed%' then 'embedding'
            when operation like '%rerank%' then 'rerank'
            when operation like '%retriev%' then 'retrieval'
            else 'generation'
        end as call_type,
        call_status as status,
        cast(null as string) as team,
        {{ map_text('attributes_map', 'gen_ai.agent.name') }} as workflow,
        case
            when coalesce({{ names_model('name', "nullif(model_name, '')") }}, false) then null
            when coalesce({{ names_model('name', 'asked_model_name') }}, false) then null
            else name
        end as step,
        cast(null as string) as environment,
        {{ map_text('attributes_map', 'gen_ai.prompt.version') }} as prompt_version,
        token_semantics,

        ---------- attribution keys, in the order they are asked
        {{ joined_entries([json_entries('attributes'), json_entries('resource_attributes')]) }} as attributes,
        {{ tag_entries('cast(null as string)') }} as tag_attributes,

        ---------- tokens
        {{ settled_tokens('uncached_input') }} as uncached_input_tokens,
        stated_cache_read as cache_read_tokens,
        stated_cache_write_5m as cache_write_5m_tokens,
        stated_cache_write_1h as cache_write_1h_tokens,
        {{ settled_tokens('output') }} as output_tokens,
        {{ settled_tokens('reasoning') }} as reasoning_tokens,
        input_audio_tokens,
        output_audio_tokens,

        ---------- quantities
        cast(1 as bigint) as attempt_number,
        {{ dbt.datediff('start_time', 'end_time', 'millisecond') }} as latency_ms,
        cast(0 as bigint) as web_search_requests,

        ---------- money, where an instrumentation adds it
        {{ money("try_cast(" ~ map_text('attributes_map', 'gen_ai.usage.cost') ~ " as decimal(28, 12))") }}
            as logged_cost_usd,

        ---------- flags
        {{ is_billed_by_default('call_status', 'seller') }} as is_billed,
        false as is_response_cache_hit,
        stated_cache_write_5m > 0 as has_assumed_ttl,
        false as has_unknown_tokens,
        logged_input is null and logged_output is null and stated_total is null as has_no_tokens,
        operation,
        name as span_name,

        ---------- times
        start_time as requested_at,
        cast(null as timestamp) as updated_at,

        ---------- landing
        'otel_genai_spans' as source_name,
        _load_id,
        _source_row

    from settled

),

final as (

    select
        *,
        cast(requested_at as date) as utc_date,
        cast({{ in_reporting_timezone('requested_at') }} as date) as usage_date,
        case
            when operation in ('invoke_agent', 'create_agent', 'execute_tool', 'invoke_workflow') then 'not_a_call'
            when model = '' and has_no_tokens and call_type <> 'retrieval' then 'not_a_call'
            when uncached_input_tokens < 0 or reasoning_tokens > output_tokens then 'negative_remainder'
        end as skip_reason
    from renamed

)

select * from final
