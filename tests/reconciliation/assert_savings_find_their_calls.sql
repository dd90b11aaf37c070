-- The groups cost what the facts say of their four weeks, and every saving lies in a group: one that finds no group would
-- be dropped in silence. Groups whose bill is a correction below 0 count as 0, so billed cost is compared only of the others.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

usage_groups as (

    select * from {{ ref('int_savings_groups') }}

),

facts as (

    select
        {{ token_sum('usage_daily.call_count') }} as call_count,
        {{ cost_sum('usage_daily.computed_cost_usd') }} as computed_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    cross join as_of
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where
        not customers.is_internal
        and {{ is_recent_traffic('usage_daily.usage_date') }}

),

grouped as (

    select
        {{ token_sum('call_count') }} as call_count,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from usage_groups

),

savings as (

    {% for source in [
        'int_savings_of_calls', 'int_savings_of_prefixes', 'int_savings_of_models', 'int_savings_of_tiers',
        'int_savings_of_own_machines',
    ] -%}
    select
        lever,
        {{ savings_group() | join(',\n        ') }},
        call_count,
        saving_usd
    from {{ ref(source) }}

    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    'facts' as what,
    grouped.call_count,
    grouped.computed_cost_usd as cost_usd
from grouped
cross join facts
where
    grouped.computed_cost_usd <> facts.computed_cost_usd
    or grouped.call_count > facts.call_count

union all

select
    savings.lever as what,
    savings.call_count,
    savings.saving_usd as cost_usd
from savings
left join usage_groups
    on {% for column in savings_group() -%}
    savings.{{ column }} = usage_groups.{{ column }}
    {{- '\n    and ' if not loop.last }}
    {%- endfor %}
where
    usage_groups.group_id is null
    -- Rounded parts may be a trillionth more than the whole.
    or savings.saving_usd > usage_groups.computed_cost_usd + 0.000001
    or savings.call_count > usage_groups.call_count
