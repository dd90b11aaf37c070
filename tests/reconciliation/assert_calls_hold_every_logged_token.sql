-- Tokens of calls that landed once are the log's own totals, day by day: input and output as the application wrote
-- them, before any bucket was cut out. Calls with several rows, in other logs too, are left to
-- assert_calls_hold_every_landed_call. Of all history or of nothing (tests_history): whether a call landed once can be
-- told by all its rows alone.
with

landed as (

    select
        *,
        cast(timestamp as date) as utc_date,
        coalesce(
            call_id,
            provider_response_id,
            request_id
            || case when lower(trim(call_type)) = 'generation' then '' else ':' || lower(trim(call_type)) end
            || case when attempt > 1 then ':' || cast(attempt as string) else '' end
        ) as landed_call_id
    from {{ source('raw', 'inference_events') }}

),

elsewhere as (

    select
        base_call_id,
        provider_response_id
    from {{ ref('int_native_calls_read') }}

),

alone as (

    select landed_call_id
    from landed
    group by landed_call_id
    having count(*) = 1

),

answered_once as (

    select provider_response_id
    from landed
    where provider_response_id is not null
    group by provider_response_id
    having count(*) = 1

),

once as (

    select landed.landed_call_id
    from landed
    inner join alone
        on landed.landed_call_id = alone.landed_call_id
    where
        (
            landed.provider_response_id is null
            or landed.provider_response_id in (select answered_once.provider_response_id from answered_once)
        )
        and landed.landed_call_id not in (select elsewhere.base_call_id from elsewhere)
        and coalesce(landed.provider_response_id, '') not in (
            select elsewhere.provider_response_id
            from elsewhere
            where elsewhere.provider_response_id is not null
        )

),

logged as (

    select
        landed.utc_date,
        count(*) as call_count,
        cast(sum(
            landed.input_tokens
            + case
                when landed.token_semantics = 'disjoint'
                    then
                        coalesce(landed.cached_input_tokens, 0)
                        + coalesce(landed.cache_write_tokens, 0)
                        + coalesce(landed.cache_write_1h_tokens, 0)
                else 0
            end
        ) as bigint) as input_tokens,
        cast(sum(landed.output_tokens) as bigint) as output_tokens
    from landed
    inner join once
        on landed.landed_call_id = once.landed_call_id
    group by landed.utc_date

),

built as (

    select
        calls.utc_date,
        count(*) as call_count,
        cast(sum(
            calls.uncached_input_tokens + calls.cache_read_tokens
            + calls.cache_write_5m_tokens + calls.cache_write_1h_tokens
        ) as bigint) as input_tokens,
        cast(sum(calls.output_tokens) as bigint) as output_tokens
    from {{ ref('fct_inference_calls') }} as calls
    inner join once
        on calls.call_id = once.landed_call_id
    group by calls.utc_date

)

select
    coalesce(logged.utc_date, built.utc_date) as utc_date,
    logged.call_count as logged_call_count,
    built.call_count,
    logged.input_tokens as logged_input_tokens,
    built.input_tokens,
    logged.output_tokens as logged_output_tokens,
    built.output_tokens
from logged
full outer join built
    on logged.utc_date = built.utc_date
where
    {{ tests_history() }}
    and (
        logged.call_count is distinct from built.call_count
        or logged.input_tokens is distinct from built.input_tokens
        or logged.output_tokens is distinct from built.output_tokens
    )
