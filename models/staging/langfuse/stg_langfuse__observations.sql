-- Calls among the observations of Langfuse, every landed version, tokens in disjoint buckets; what is no call keeps its
-- row, because it may stand between two calls of a trace.
-- Grain: one row per landed row (_load_id, _source_row).
-- Usage keys are free text: some are split out of input and output, others are a part of them. The total decides.
with

source as (

    select * from {{ source('raw', 'langfuse_observations') }}

),

opened as (

    select
        *,
        {{ json_map('metadata') }} as metadata_map,
        {{ json_map('usage_details') }} as usage_map,
        {{ json_map('cost_details') }} as cost_map,
        upper(trim(type)) as kind,
        coalesce(split_part(trim(provided_model_name), '/', -1), '') as model_name
    from source

),

stated as (

    -- `input` stands beside what was split out of it: audio belongs to it, cached and thought tokens have buckets.
    select
        *,
        coalesce({{ map_tokens('usage_map', langfuse_usage_keys('input')) }}, 0)
        + coalesce({{ map_tokens('usage_map', langfuse_usage_keys('split_input_audio')) }}, 0) as stated_input,
        coalesce({{ map_tokens('usage_map', langfuse_usage_keys('output')) }}, 0)
        + coalesce({{ map_tokens('usage_map', langfuse_usage_keys('split_output_audio')) }}, 0)
        + coalesce({{ map_tokens('usage_map', 'output_accepted_prediction_tokens') }}, 0)
        + coalesce({{ map_tokens('usage_map', 'output_rejected_prediction_tokens') }}, 0) as stated_output,
        {{ map_tokens('usage_map', langfuse_usage_keys('total')) }} as stated_total,
        coalesce({{ map_tokens('usage_map', langfuse_usage_keys('cache_read')) }}, 0) as stated_cache_read,
        coalesce({{ map_tokens('usage_map', langfuse_usage_keys('cache_write')) }}, 0) as unsplit_cache_write,
        coalesce({{ map_tokens('usage_map', langfuse_usage_keys('cache_write_5m')) }}, 0) as split_cache_write_5m,
        coalesce({{ map_tokens('usage_map', langfuse_usage_keys('cache_write_1h')) }}, 0) as stated_cache_write_1h,
        coalesce({{ map_tokens('usage_map', langfuse_usage_keys('reasoning')) }}, 0) as stated_reasoning,
        coalesce({{ map_tokens('usage_map', langfuse_usage_keys('input_audio')) }}, 0) as input_audio_tokens,
        coalesce({{ map_tokens('usage_map', langfuse_usage_keys('output_audio')) }}, 0) as output_audio_tokens,
        case when {{ map_tokens('usage_map', langfuse_usage_keys('parts')) }} is not null then 'inclusive' else 'disjoint' end
            as default_semantics,
        lower(model_name) like '%gemini%' or lower(model_name) like '%gemma%' as is_google_model,
        {{ json_map("metadata_map['attributes']") }} as attributes_map
    from opened

),

settled as (

    select
        *,
        split_cache_write_5m + unsplit_cache_write as stated_cache_write_5m,
        {{ token_semantics() }} as token_semantics,
        lower(coalesce(
            {%- for name in ['gen_ai.provider.name', 'gen_ai.system', 'ls_provider'] %}
            {{ map_text('metadata_map', name) }}, {{ map_text('attributes_map', name) }},
            {%- endfor %}
            ''
        )) as seller
    from stated

),

renamed as (

    select

        ---------- ids
        id as base_call_id,
        id as request_id,
        coalesce(
            {{ map_text('metadata_map', ['response_id', 'gen_ai.response.id']) }},
            {{ map_text('attributes_map', ['response_id', 'gen_ai.response.id']) }}
        ) as provider_response_id,
        trace_id as context_id,
        parent_observation_id as parent_call_id,
        {% if var('user_id_is_customer') %}user_id{% else %}cast(null as string){% endif %} as logged_customer_id,
        user_id,
        trace_id as workflow_run_id,

        ---------- strings
        seller as provider,
        model_name as model,
        'standard' as service_tier,
        case
            when kind = 'EMBEDDING' then 'embedding'
            when kind = 'RETRIEVER' and stated_input + stated_output + coalesce(stated_total, 0) = 0 then 'retrieval'
            else 'generation'
        end as call_type,
        case when upper(level) = 'ERROR' then 'error' else 'success' end as status,
        trace_name as workflow,
        case when not coalesce({{ names_model('name', "nullif(model_name, '')") }}, false) then name end as step,
        nullif(lower(trim(environment)), 'default') as environment,
        coalesce(
            case when prompt_version <> '' then coalesce(nullif(prompt_name, '') || ':', '') || prompt_version end, nullif(version, '')
        ) as prompt_version,
        token_semantics,

        ---------- attribution keys, in the order they are asked: those of the trace come between
        {{ joined_entries([
            json_entries('metadata'), json_entries("metadata_map['attributes']"), json_entries("metadata_map['resourceAttributes']")
        ]) }} as attributes,
        {{ tag_entries('tags') }} as tag_attributes,

        ---------- tokens and quantities
        {{ token_columns() }},
        input_audio_tokens,
        output_audio_tokens,
        {{ dbt.datediff('start_time', 'end_time', 'millisecond') }} as latency_ms,

        ---------- money, as Langfuse believed it
        {{ money("coalesce(total_cost, " ~ text_number(map_text('cost_map', 'total'), 'decimal(28, 12)') ~ ")") }} as logged_cost_usd,

        ---------- flags
        unsplit_cache_write > 0 as has_assumed_ttl,
        coalesce(is_deleted, false) as is_deleted,
        kind,

        ---------- times and landing
        start_time as requested_at,
        event_ts as updated_at,
        'langfuse_observations' as source_name,
        _load_id,
        _source_row

    from settled

),

final as (

    select
        *,
        case
            when is_deleted then 'deleted'
            when kind not in ('GENERATION', 'EMBEDDING', 'RETRIEVER') then 'not_a_call'
            when {{ has_negative_remainder() }} then 'negative_remainder'
            when kind <> 'RETRIEVER' and status = 'success' and not {{ has_tokens() }} and token_semantics <> 'unexplained'
                and coalesce(logged_cost_usd, 0) = 0 then 'no_usage'
        end as skip_reason
    from renamed

)

select * from final
