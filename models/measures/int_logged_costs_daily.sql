-- What the application believed its calls cost against what they were computed to cost, and where it was wrong.
-- Grain: one row per usage_date, provider, resolved_model and reason. Internal use is in here.
-- decisions.md, Logged cost.
{{ config(**touched_days_config('int_measured_days_touched')) }}
with

calls as (

    select * from {{ ref('fct_inference_calls') }}
    {{ where_touched('int_measured_days_touched') }}

),

cached as (

    select
        usage_date,
        call_id,
        prompt_cache_cost_usd,
        prompt_cache_saving_usd
    from {{ ref('int_calls_cache_priced') }}
    where not is_response_cache_hit
    {{ where_touched('int_measured_days_touched', keyword='and') }}

),

compared as (

    select
        calls.usage_date,
        calls.provider,
        calls.resolved_model,
        calls.logged_cost_usd,
        calls.computed_cost_usd,
        calls.list_cost_usd,
        calls.pricing_status,
        calls.reasoning_tokens,
        calls.output_tokens,
        calls.output_cost_usd,
        calls.cache_read_tokens,
        {{ money('calls.logged_cost_usd - calls.computed_cost_usd') }} as difference_usd,
        -- What the input would have cost had the cached tokens been paid like uncached ones: by the call's own uncached
        -- tokens, where it has none by what the prompt cache saved.
        coalesce(
            {{ shared_part(
                'calls.uncached_input_cost_usd', 'calls.uncached_input_tokens + calls.cache_read_tokens',
                'calls.uncached_input_tokens'
            ) }},
            {{ shared_part(
                money('cached.prompt_cache_cost_usd + cached.prompt_cache_saving_usd'), 'calls.cache_read_tokens',
                'calls.cache_read_tokens + calls.cache_write_5m_tokens + calls.cache_write_1h_tokens'
            ) }}
        ) as whole_input_cost_usd,
        {{ shared_part(
            'calls.output_cost_usd', 'calls.output_tokens + calls.reasoning_tokens', 'calls.output_tokens'
        ) }} as doubled_output_cost_usd,
        calls.uncached_input_cost_usd,
        calls.cache_read_cost_usd
    from calls
    left join cached
        on calls.usage_date = cached.usage_date
        and calls.call_id = cached.call_id

),

reasoned as (

    select
        *,
        case
            when logged_cost_usd is null then 'not_logged'
            when computed_cost_usd is null then 'unpriced'
            when {{ costs_agree('logged_cost_usd', 'computed_cost_usd') }} then 'agrees'
            when pricing_status = 'response_cache_hit' then 'cache_hit_charged'
            when pricing_status = 'not_billed' then 'failure_charged'
            when pricing_status in ('self_hosted', 'allocated') then 'billed_apart'
            when logged_cost_usd = 0 then 'logged_zero'
            when list_cost_usd <> computed_cost_usd and {{ costs_agree('logged_cost_usd', 'list_cost_usd') }}
                then 'list_price'
            when
                cache_read_tokens > 0
                and {{ costs_agree(
                    'logged_cost_usd',
                    'computed_cost_usd - uncached_input_cost_usd - cache_read_cost_usd + whole_input_cost_usd'
                ) }}
                then 'cache_ignored'
            when
                reasoning_tokens > 0
                and {{ costs_agree(
                    'logged_cost_usd', 'computed_cost_usd - output_cost_usd + doubled_output_cost_usd'
                ) }}
                then 'reasoning_twice'
            when logged_cost_usd > computed_cost_usd then 'too_high'
            else 'too_low'
        end as reason
    from compared

),

final as (

    select
        usage_date,
        provider,
        resolved_model,
        reason,
        count(*) as call_count,
        {{ cost_sum('logged_cost_usd') }} as logged_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd,
        {{ cost_sum('difference_usd') }} as difference_usd
    from reasoned
    group by
        usage_date,
        provider,
        resolved_model,
        reason

)

select * from final
