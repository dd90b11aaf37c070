-- What every lever still saves of a group of calls after those ranked above it, in dollars a month.
-- Grain: one row per lever and group_id.
-- A lever takes its share of what is left of the group; of levers that exclude each other (batch and flex, two models) the
-- later one counts what it saves beyond the best of them. A group gives at most what it costs. decisions.md, Savings.
{{ config(materialized='table') }}
{% set positions = savings_levers() | length -%}
{% set saving = 'least(standalone_saving_usd, ' ~ money(
    part_of('monthly_cost_usd', 'left_before_ratio') ~ ' - ' ~ part_of('monthly_cost_usd', 'left_after_ratio')
) ~ ')' -%}
with

savings as (

    select
        *,
        {{ part_of('monthly_cost_usd', 'saving_ratio') }} as standalone_saving_usd
    from {{ ref('int_savings_by_group') }}

),

scopes as (

    select
        lever,
        scope_value,
        cast(row_number() over (
            order by sum(standalone_saving_usd) desc nulls last, lever asc nulls last, scope_value asc nulls last
        ) as bigint) as scope_rank
    from savings
    group by
        lever,
        scope_value

),

ordered as (

    select
        savings.*,
        scopes.scope_rank,
        row_number() over (partition by savings.group_id order by scopes.scope_rank) as group_position,
        coalesce(max(savings.saving_ratio) over (
            partition by savings.group_id, savings.family
            order by scopes.scope_rank
            rows between unbounded preceding and 1 preceding
        ), 0) as family_ratio
    from savings
    inner join scopes
        on savings.lever = scopes.lever
        and savings.scope_value = scopes.scope_value

),

added as (

    select
        *,
        {% for bound in ['saving', 'saving_lower'] -%}
        case
            when {{ bound }}_ratio > family_ratio
                then {{ ratio(bound ~ '_ratio - family_ratio', '1 - family_ratio') }}
            else {{ money('0') }}
        end as added_{{ bound }}_ratio{{ ',' if not loop.last }}
        {% endfor %}
    from ordered

),

-- What each position leaves of a group.
positioned as (

    select
        group_id,
        {% for position in range(1, positions + 1) -%}
        coalesce(max(case when group_position = {{ position }} then added_saving_ratio end), 0) as ratio_{{ position }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from added
    group by group_id

),

{% set left = ['cast(1 as decimal(13, 12))'] -%}
{% for position in range(1, positions + 1) -%}
{% do left.append(
    'cast(' ~ left[-1] ~ ' * cast(1 - ratio_' ~ position ~ ' as decimal(13, 12)) as decimal(13, 12))'
) -%}
{% endfor -%}
remaining as (

    select
        group_id,
        {% for position in range(0, positions + 1) -%}
        {{ left[position] }} as left_{{ position }}{{ ',' if not loop.last }}
        {% endfor %}
    from positioned

),

placed as (

    select
        added.*,
        case added.group_position
            {% for position in range(1, positions + 1) -%}
            when {{ position }} then remaining.left_{{ position - 1 }}
            {% endfor %}
        end as left_before_ratio,
        case added.group_position
            {% for position in range(1, positions + 1) -%}
            when {{ position }} then remaining.left_{{ position }}
            {% endfor %}
        end as left_after_ratio
    from added
    inner join remaining
        on added.group_id = remaining.group_id

),

final as (

    select
        lever,
        scope_dimension,
        scope_value,
        scope_rank,
        group_id,
        call_count,
        target,
        pair_count,
        tolerating_count,
        last_pair_date,
        monthly_cost_usd,
        standalone_saving_usd,
        -- The difference of what is left before and after: a group never gives more than it costs.
        {{ saving }} as monthly_saving_usd,
        -- Those above at their point estimates.
        least({{ saving }}, {{ part_of('monthly_cost_usd', part_of('left_before_ratio', 'added_saving_lower_ratio')) }})
            as monthly_saving_lower_usd,
        {% for lever in savings_levers() -%}
        max(lever = '{{ lever }}') over (partition by group_id) as is_touched_by_{{ lever }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from placed

)

select * from final
