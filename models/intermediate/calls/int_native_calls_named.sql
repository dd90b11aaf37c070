-- The calls of the native logs with what they were for, in the columns of the canonical log.
-- Grain: one row per source_name and base_call_id, the newest version of each.
-- Attribution keys are asked in the order of var attribution_keys: those of the call, of its trace, of the tags.
-- A table, because lists of keys are looked through for every column.
{{ config(materialized='table') }}
with

landed as (

    select * from {{ ref('int_native_calls_read') }}

),

judged as (

    select * from {{ ref('int_native_calls_judged') }}
    where skip_reason is null

),

traces as (

    select * from {{ ref('stg_langfuse__traces') }}
    where not is_deleted

),

gathered as (

    select
        landed.*,
        judged.is_context_shared,
        judged.root_name,
        traces.trace_name,
        traces.user_id as trace_user_id,
        traces.environment as trace_environment,
        {{ joined_entries([
            'landed.attributes', 'traces.attributes', 'landed.tag_attributes', 'traces.tag_attributes'
        ]) }} as entries
    from landed
    inner join judged
        on landed.source_name = judged.source_name
        and landed._load_id = judged._load_id
        and landed._source_row = judged._source_row
    left join traces
        on landed.source_name = 'langfuse_observations'
        and landed.context_id = traces.trace_id

),

attributed as (

    select
        *,
        coalesce(
            nullif(lower({{ attribution('environment', 'entries') }}), 'default'), environment, trace_environment
        ) as named_environment
    from gathered

),

final as (

    select
        base_call_id,
        false as has_default_call_id,
        -- Its own row's word alone: a trace has many requests.
        request_id,
        provider_response_id,
        coalesce(
            {{ attribution('workflow_run_id', 'entries') }},
            workflow_run_id,
            -- LiteLLM gives every call a session of its own unless the caller names one.
            case when source_name = 'litellm_spend_logs' and is_context_shared then context_id end
        ) as workflow_run_id,
        coalesce(
            {{ attribution('customer_id', 'entries') }},
            logged_customer_id
            {%- if var('user_id_is_customer') %}, trace_user_id{% endif %}
        ) as logged_customer_id,
        {{ attribution('workspace_id', 'entries') }} as workspace_id,
        {% set users = attribution('user_id', 'entries') -%}
        case
            when source_name in ('langfuse_observations', 'helicone_requests')
                then coalesce(user_id, trace_user_id, {{ users }})
            else coalesce({{ users }}, user_id)
        end as user_id,
        provider,
        model,
        service_tier,
        call_type,
        status,
        {% for dimension in var('logged_dimensions') -%}
        {% set otherwise = {'team': 'team', 'workflow': 'workflow, trace_name, root_name', 'step': 'step'}[dimension] -%}
        coalesce({{ attribution(dimension, 'entries') }}{{ ', ' ~ otherwise if otherwise }}) as {{ dimension }},
        {% endfor -%}
        {{ attribution('use_case', 'entries') }} as logged_use_case,
        cast(null as string) as prompt_hash,
        cast(null as string) as prefix_hash,
        prompt_version,
        uncached_input_tokens,
        cache_read_tokens,
        cache_write_5m_tokens,
        cache_write_1h_tokens,
        output_tokens,
        reasoning_tokens,
        least(input_audio_tokens, uncached_input_tokens + cache_read_tokens) as input_audio_tokens,
        cast(0 as bigint) as input_image_tokens,
        cast(0 as bigint) as cache_audio_read_tokens,
        least(output_audio_tokens, output_tokens) as output_audio_tokens,
        cast(0 as bigint) as output_image_tokens,
        attempt_number,
        latency_ms,
        cast(null as decimal(28, 12)) as gpu_seconds,
        web_search_requests,
        logged_cost_usd,
        is_billed,
        is_response_cache_hit,
        named_environment <> lower('{{ var("production_environment") }}') as is_internal,
        has_assumed_ttl,
        has_unknown_tokens,
        requested_at,
        utc_date,
        usage_date,
        updated_at,
        source_name,
        _load_id,
        _source_row,
        context_id,
        token_semantics
    from attributed

)

select * from final
