-- The daily fact's tokens are the calls' tokens: in the buckets those of calls a provider answered, and the others, of
-- response-cache hits, in replayed_tokens.
with

calls as (

    select
        usage_date,
        cast(sum(
            uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + output_tokens
        ) as bigint) as token_count
    from {{ ref('fct_inference_calls') }}
    where {{ in_days_to_test('usage_date') }}
    group by usage_date

),

usage_daily as (

    select
        usage_date,
        cast(sum(
            uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + output_tokens
            + replayed_tokens
        ) as bigint) as token_count
    from {{ ref('fct_usage_daily') }}
    where {{ in_days_to_test('usage_date') }}
    group by usage_date

)

select
    coalesce(calls.usage_date, usage_daily.usage_date) as usage_date,
    calls.token_count as calls_token_count,
    usage_daily.token_count
from calls
full outer join usage_daily
    on calls.usage_date = usage_daily.usage_date
where coalesce(calls.token_count, 0) <> coalesce(usage_daily.token_count, 0)
