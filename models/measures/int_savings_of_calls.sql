-- What single calls of the 28 days need not have cost: answers paid for twice, input above the band of the use case, and
-- retries of requests that failed for good.
-- Grain: one row per lever and group of calls. A call may stand under several levers: overlaps are taken off later.
-- At computed cost. decisions.md, Savings.
{{ config(materialized='table') }}
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

targets as (

    select * from {{ ref('token_targets') }}

),

repeated as (

    select * from {{ ref('int_prompts_repeated') }}

),

calls as (

    select
        calls.*,
        calls.uncached_input_tokens + calls.cache_read_tokens
        + calls.cache_write_5m_tokens + calls.cache_write_1h_tokens as input_tokens,
        row_number() over (
            partition by calls.request_id, calls.step
            order by calls.attempt_number asc nulls last, calls.requested_at asc nulls last, calls.call_id asc nulls last
        ) as attempt_rank,
        max(case when calls.is_successful then 1 else 0 end) over (partition by calls.request_id, calls.step) as success_count
    from {{ ref('fct_inference_calls') }} as calls
    cross join as_of
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and {{ is_inference_type('calls.call_type') }}
        and {{ is_recent_traffic('calls.usage_date') }}

),

savable as (

    select
        'response_caching' as lever,
        cast(null as string) as target,
        {{ savings_group('calls.') | join(',\n        ') }},
        calls.computed_cost_usd as saving_usd
    from calls
    inner join repeated
        on calls.call_id = repeated.call_id

    union all

    select
        'prompt_trimming' as lever,
        cast(targets.input_high as string) as target,
        {{ savings_group('calls.') | join(',\n        ') }},
        {{ shared_part(
            'calls.uncached_input_cost_usd + calls.cache_read_cost_usd + calls.cache_write_cost_usd',
            'calls.input_tokens - targets.input_high', 'calls.input_tokens', 0
        ) }} as saving_usd
    from calls
    inner join targets
        on calls.use_case = targets.use_case
    where
        calls.is_successful
        and calls.input_tokens > targets.input_high

    union all

    select
        'failing_retries' as lever,
        cast(null as string) as target,
        {{ savings_group() | join(',\n        ') }},
        computed_cost_usd as saving_usd
    from calls
    where
        success_count = 0
        and attempt_rank > 1

),

final as (

    select
        lever,
        {{ savings_group() | join(',\n        ') }},
        count(*) as call_count,
        {{ cost_sum('saving_usd') }} as saving_usd,
        max(target) as target
    from savable
    where saving_usd > 0
    group by
        lever,
        {{ savings_group() | join(',\n        ') }}

)

select * from final
