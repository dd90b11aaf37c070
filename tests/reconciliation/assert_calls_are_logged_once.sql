-- Calls of two sources that look the same: same model, second and tokens, and no response id that would tell. They are
-- counted twice if they are one: log the provider's response id in both, or land one of the sources only. A warning,
-- because two calls may look the same.
{{ config(severity='warn') }}
with

calls as (

    select
        source_name,
        call_id,
        resolved_model,
        cast({{ dbt.date_trunc('second', 'requested_at') }} as timestamp) as requested_second,
        uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens as input_tokens,
        output_tokens
    from {{ ref('fct_inference_calls') }}
    where
        not is_response_cache_hit
        and {{ in_days_to_test('usage_date', 'month') }}

),

sources as (

    select count(distinct source_name) as source_count
    from {{ ref('fct_inference_calls') }}

)

select
    resolved_model,
    requested_second,
    input_tokens,
    output_tokens,
    min(source_name || ' ' || call_id) as one_call,
    max(source_name || ' ' || call_id) as other_call
from calls
-- Most companies have one source: nothing to group then.
cross join sources
where
    sources.source_count > 1
    and input_tokens + output_tokens > 0
group by
    resolved_model,
    requested_second,
    input_tokens,
    output_tokens
having count(distinct source_name) > 1
