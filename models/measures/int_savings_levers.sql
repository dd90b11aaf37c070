-- Every lever, and whether the 28 days' calls carry what it needs to be seen.
-- Grain: one row per lever.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

calls as (

    select
        count(calls.prompt_hash) as hashed_prompt_count,
        count(calls.prefix_hash) as hashed_prefix_count
    from {{ ref('fct_inference_calls') }} as calls
    cross join as_of
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and {{ is_recent_traffic('calls.usage_date') }}

),

usage_groups as (

    select
        count(*) as group_count,
        count(targets.use_case) as banded_count,
        count(latency.step) as later_count
    from {{ ref('int_savings_groups') }} as usage_groups
    left join {{ ref('token_targets') }} as targets
        on usage_groups.use_case = targets.use_case
    left join {{ ref('workflow_latency') }} as latency
        on usage_groups.workflow = latency.workflow
        and usage_groups.step = latency.step
        and not latency.is_interactive

),

compared as (

    select count(*) as pair_count
    from {{ ref('int_model_pairs_compared') }}

),

allowed as (

    select count(*) as pair_count
    from {{ ref('int_downgrades_allowed_monthly') }} as allowed
    cross join as_of
    where allowed.period_start_date = cast({{ dbt.date_trunc('month', 'as_of.as_of_date') }} as date)

),

own_machines as (

    select count(*) as row_count
    from {{ ref('fct_usage_daily') }} as usage_daily
    cross join as_of
    where
        usage_daily.resolved_provider = 'self_hosted'
        and usage_daily.gpu_compute_cost_usd > 0
        and usage_daily.call_count > 0
        and {{ is_recent_traffic('usage_daily.usage_date') }}

),

final as (

    {% for lever, needs in {
        'batch': 'usage_groups.later_count',
        'flex': 'usage_groups.later_count',
        'prompt_caching': 'calls.hashed_prefix_count',
        'response_caching': 'calls.hashed_prompt_count',
        'prompt_trimming': 'usage_groups.banded_count',
        'downgrade_routing': 'allowed.pair_count',
        'self_hosting': 'own_machines.row_count',
        'fine_tuning': 'compared.pair_count',
        'losing_prefixes': 'calls.hashed_prefix_count',
        'failing_retries': 'usage_groups.group_count',
    }.items() -%}
    select
        '{{ lever }}' as lever,
        {{ needs }} > 0 as has_data
    from calls
    cross join usage_groups
    cross join allowed
    cross join compared
    cross join own_machines

    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
