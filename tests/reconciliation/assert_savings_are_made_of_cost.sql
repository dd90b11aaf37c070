-- What levers save of a group of calls is never more than the group costs, nor in all more than all of them cost: a saving
-- counted twice would send somebody after money that is not there. 0 <= lower <= point <= alone <= touched, ranks run
-- from 1 without gaps in the order of what a lever saves alone, and every lever has a row. A row holds what was measured
-- of its groups, and names evidence that one of them has.
-- Whether a lever's own saving is right is not asked here: each has its example.
with

groups_saved as (

    select
        group_id,
        {{ money('sum(monthly_saving_usd)') }} as monthly_saving_usd,
        {{ money('sum(monthly_saving_lower_usd)') }} as monthly_saving_lower_usd,
        min(monthly_saving_lower_usd) as least_saving_usd,
        count(*) filter (
            where monthly_saving_lower_usd > monthly_saving_usd or monthly_saving_usd > standalone_saving_usd
        ) as broken_count
    from {{ ref('int_savings_ranked') }}
    group by group_id

),

groups_broken as (

    select
        'group' as what,
        cast(usage_groups.group_id as string) as which,
        groups_saved.monthly_saving_usd,
        usage_groups.monthly_cost_usd
    from groups_saved
    left join {{ ref('int_savings_groups') }} as usage_groups
        on groups_saved.group_id = usage_groups.group_id
    where
        (groups_saved.monthly_saving_usd <= usage_groups.monthly_cost_usd) is not true
        or groups_saved.least_saving_usd < 0
        or groups_saved.broken_count > 0

),

ranked as (

    select
        *,
        row_number() over (
            order by standalone_saving_usd desc nulls last, lever asc nulls last, scope_value asc nulls last
        ) as expected_rank
    from {{ ref('savings_opportunities') }}

),

scopes_broken as (

    select
        'scope' as what,
        lever || ' ' || scope_value as which,
        monthly_saving_usd,
        touched_cost_usd as monthly_cost_usd
    from ranked
    where
        rank <> expected_rank
        or (0 <= monthly_saving_lower_usd) is not true
        or (monthly_saving_lower_usd <= monthly_saving_usd) is not true
        or (monthly_saving_usd <= standalone_saving_usd) is not true
        or (standalone_saving_usd <= touched_cost_usd) is not true
        or (monthly_saving_usd > 0) = (reason is not null)

),

measured as (

    select
        lever,
        scope_dimension,
        scope_value,
        {{ token_sum('call_count') }} as touched_call_count,
        {{ cost_sum('monthly_cost_usd') }} as touched_cost_usd,
        {{ cost_sum('standalone_saving_usd') }} as standalone_saving_usd,
        {{ cost_sum('monthly_saving_usd') }} as monthly_saving_usd,
        {{ cost_sum('monthly_saving_lower_usd') }} as monthly_saving_lower_usd,
        min(pair_count) as least_pair_count,
        max(pair_count) as most_pair_count
    from {{ ref('int_savings_ranked') }}
    group by
        lever,
        scope_dimension,
        scope_value
    having sum(standalone_saving_usd) > 0

),

scopes_otherwise as (

    select
        'measured' as what,
        coalesce(measured.lever, ranked.lever) || ' ' || coalesce(measured.scope_value, ranked.scope_value) as which,
        measured.monthly_saving_usd,
        measured.touched_cost_usd as monthly_cost_usd
    from measured
    full outer join ranked
        on measured.lever = ranked.lever
        and measured.scope_dimension = ranked.scope_dimension
        and measured.scope_value = ranked.scope_value
    where
        -- What a lever finds nothing of has a row of zeros.
        (ranked.evidence_pair_count >= measured.least_pair_count) is false
        or (ranked.evidence_pair_count <= measured.most_pair_count) is false
        or (ranked.evidence_pair_count is not null and measured.most_pair_count is null)
        {%- for column in [
            'touched_call_count', 'touched_cost_usd', 'standalone_saving_usd', 'monthly_saving_usd',
            'monthly_saving_lower_usd',
        ] %}
        or coalesce(ranked.{{ column }}, 0) <> coalesce(measured.{{ column }}, 0)
        {%- endfor %}

),

mart_total as (

    select
        {{ cost_sum('monthly_saving_usd') }} as monthly_saving_usd,
        count(distinct lever) as lever_count
    from {{ ref('savings_opportunities') }}

),

cost_total as (

    select {{ cost_sum('monthly_cost_usd') }} as monthly_cost_usd
    from {{ ref('int_savings_groups') }}

),

total_broken as (

    select
        'total' as what,
        'all' as which,
        mart_total.monthly_saving_usd,
        cost_total.monthly_cost_usd
    from mart_total
    cross join cost_total
    where
        mart_total.monthly_saving_usd > cost_total.monthly_cost_usd
        or mart_total.lever_count <> {{ savings_levers() | length }}

)

select * from groups_broken
union all
select * from scopes_broken
union all
select * from scopes_otherwise
union all
select * from total_broken
