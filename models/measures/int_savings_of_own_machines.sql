-- What large workloads would save on machines of our own, at what a token on these costs today (bills by allocation).
-- Grain: one row per group of calls of a workload (use case × model) that is worth a look and cheaper there.
-- Other hardware, quality and idle time are not looked at: the lower bound is 0 until a workload is clearly large.
-- At computed cost: the share that is saved is that of effective cost. decisions.md, Savings.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

thresholds as (

    select
        max(case when metric = 'self_hosting_usd_per_month' and band = 'worth_a_look' then low end) as look_usd,
        max(case when metric = 'self_hosting_usd_per_month' and band = 'clear' then low end) as clear_usd,
        max(case when metric = 'self_hosting_inferences_per_day' and band = 'clear' then low end) as clear_inferences
    from {{ ref('benchmarks') }}

),

own_machines as (

    select
        {{ cost_sum('usage_daily.gpu_compute_cost_usd') }} as gpu_cost_usd,
        {{ token_sum('usage_daily.' ~ token_buckets() | reject('equalto', 'reasoning_tokens') | join(' + usage_daily.')) }} as total_tokens
    from {{ ref('fct_usage_daily') }} as usage_daily
    cross join as_of
    where
        usage_daily.resolved_provider = 'self_hosted'
        and usage_daily.call_count > 0
        -- Days whose machines are billed: the tokens of others would make a token look cheap.
        and usage_daily.gpu_compute_cost_usd > 0
        and {{ is_recent_traffic('usage_daily.usage_date') }}

),

usage_groups as (

    select * from {{ ref('int_savings_groups') }}
    where
        {{ is_inference_type('call_type') }}
        and use_case <> 'unattributed'

),

workloads as (

    select
        use_case,
        resolved_model,
        cast(sum(inference_count) as bigint) as inference_count,
        cast(sum(total_tokens) as bigint) as total_tokens,
        {{ money('sum(monthly_cost_usd)') }} as monthly_cost_usd
    from usage_groups
    group by
        use_case,
        resolved_model

),

hosted as (

    select
        workloads.*,
        {{ shared_part('own_machines.gpu_cost_usd', 'workloads.total_tokens', 'own_machines.total_tokens', 0) }}
            as traffic_hosted_cost_usd,
        {{ shared_part('traffic_hosted_cost_usd', 365, 12 * var('traffic_days'), 0) }} as hosted_cost_usd,
        coalesce(
            workloads.monthly_cost_usd > thresholds.clear_usd
            or workloads.inference_count > {{ var('traffic_days') }} * thresholds.clear_inferences,
            false
        ) as is_clear
    from workloads
    cross join own_machines
    cross join thresholds
    where
        own_machines.gpu_cost_usd > 0
        and (
            workloads.monthly_cost_usd > thresholds.look_usd
            or workloads.inference_count > {{ var('traffic_days') }} * thresholds.clear_inferences
        )

),

moved as (

    select
        'self_hosting' as lever,
        {{ savings_group('usage_groups.') | join(',\n        ') }},
        usage_groups.call_count,
        {{ shared_part(
            'usage_groups.computed_cost_usd', 'hosted.monthly_cost_usd - hosted.hosted_cost_usd', 'hosted.monthly_cost_usd'
        ) }} as saving_usd,
        hosted.is_clear
    from usage_groups
    inner join hosted
        on usage_groups.use_case = hosted.use_case
        and usage_groups.resolved_model = hosted.resolved_model
    where hosted.hosted_cost_usd < hosted.monthly_cost_usd

),

final as (

    select
        lever,
        {{ savings_group() | join(',\n    ') }},
        call_count,
        saving_usd,
        {{ money('case when is_clear then saving_usd else 0 end') }} as saving_lower_usd
    from moved

)

select * from final
