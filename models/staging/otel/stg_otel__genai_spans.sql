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
        {{ json_map('attributes') }} as attributes_map
    from source

),

stated as (

    select
        *,
        lower(coalesce({{ map_text('attributes_map', otel_spellings('operation')) }}, '')) as operation,
        lower(coalesce(
            {{ map_text('attributes_map', ['gen_ai.provider.name', 'gen_ai.system']) }},
            split_part({{ map_text('attributes_map', 'ai.model.provider') }}, '.', 1),
            {{ map_text('attributes_map', ['llm.provider', 'llm.system']) }},
            ''
        )) as seller,
        coalesce({{ map_text('attributes_map', otel_spellings('model')) }}, '') as model_name,
        {{ map_text('attributes_map', otel_spellings('asked_model')) }} as asked_model_name,
        {{ map_tokens('attributes_map', otel_spellings('input')) }} as logged_input,
        {{ map_tokens('attributes_map', otel_spellings('output')) }} as logged_output,
        {{ map_tokens('attributes_map', otel_spellings('total')) }} as stated_total,
        coalesce({{ map_tokens('attributes_map', otel_spellings('cache_read')) }}, 0) as stated_cache_read,
        coalesce({{ map_tokens('attributes_map', otel_spellings('cache_write')) }}, 0) as stated_cache_write_5m,
        cast(0 as bigint) as stated_cache_write_1h,
        coalesce({{ map_tokens('attributes_map', otel_spellings('reasoning')) }}, 0) as stated_reasoning,
        coalesce({{ map_tokens('attributes_map', otel_spellings('input_audio')) }}, 0) as input_audio_tokens,
        coalesce({{ map_tokens('attributes_map', otel_spellings('output_audio')) }}, 0) as output_audio_tokens,
        case
            when nullif(scope_name, '') in ('{{ (var("otel_disjoint_scopes") or []) | join("', '") }}') then 'disjoint'
            else 'inclusive'
        end as default_semantics,
        lower(model_name) like '%gemini%' or lower(model_name) like '%gemma%' as is_google_model,
        case
            when {{ map_text('attributes_map', 'error.type') }} is null
                and lower(coalesce(status_code, '')) not in ('2', 'error', 'status_code_error')
                then 'success'
            when lower(coalesce({{ map_text('attributes_map', 'error.type') }}, '')) like '%timeout%' then 'timeout'
            else 'error'
        end as call_status
    from opened

),

settled as (

    select
        *,
        coalesce(logged_input, 0) as stated_input,
        coalesce(logged_output, 0) as stated_output,
        {{ token_semantics() }} as token_semantics,
        lower({{ map_text('attributes_map', otel_spellings('service_tier')) }}) as served_tier
    from stated

),

renamed as (

    select

        ---------- ids
        trace_key || ':' || lower(trim(span_id)) as base_call_id,
        trace_key || ':' || lower(trim(span_id)) as request_id,
        {{ map_text('attributes_map', otel_spellings('response_id')) }} as provider_response_id,
        trace_key as context_id,
        trace_key || ':' || lower(nullif(trim(parent_span_id), '')) as parent_call_id,
        {{ map_text('attributes_map', 'user.id') }} as user_id,
        coalesce({{ map_text('attributes_map', ['gen_ai.conversation.id', 'session.id']) }}, trace_key) as workflow_run_id,

        ---------- strings
        seller as provider,
        model_name as model,
        coalesce(case when served_tier in ('default', 'auto') then 'standard' else served_tier end, 'standard') as service_tier,
        {{ call_type_by_word('operation', {
            'embed': 'embedding', 'rerank': 'rerank', 'retriev': 'retrieval'
        }) }} as call_type,
        call_status as status,
        {{ map_text('attributes_map', 'gen_ai.agent.name') }} as workflow,
        case
            when coalesce({{ names_model('name', "nullif(model_name, '')") }}, false) then null
            when coalesce({{ names_model('name', 'asked_model_name') }}, false) then null
            else name
        end as step,
        {{ map_text('attributes_map', 'gen_ai.prompt.version') }} as prompt_version,
        token_semantics,

        ---------- attribution keys, in the order they are asked
        {{ joined_entries([json_entries('attributes'), json_entries('resource_attributes')]) }} as attributes,

        ---------- tokens
        {{ token_columns() }},
        input_audio_tokens,
        output_audio_tokens,

        ---------- quantities
        coalesce({{ dbt.datediff('start_time', 'end_time', 'millisecond') }}, cast(round(duration_ns / 1e6, 0) as bigint))
            as latency_ms,

        ---------- money, where an instrumentation adds it
        {{ text_number(map_text('attributes_map', 'gen_ai.usage.cost'), 'decimal(28, 12)') }}
            as logged_cost_usd,

        ---------- flags
        stated_cache_write_5m > 0 as has_assumed_ttl,
        logged_input is null and logged_output is null and stated_total is null as has_no_tokens,
        operation,
        name as span_name,

        ---------- times
        start_time as requested_at,

        ---------- landing
        'otel_genai_spans' as source_name,
        _load_id,
        _source_row

    from settled

),

final as (

    select
        *,
        case
            when operation in ('invoke_agent', 'create_agent', 'execute_tool', 'invoke_workflow') then 'not_a_call'
            when model = '' and has_no_tokens and call_type <> 'retrieval' then 'not_a_call'
            when {{ has_negative_remainder() }} then 'negative_remainder'
        end as skip_reason
    from renamed

)

select * from final
