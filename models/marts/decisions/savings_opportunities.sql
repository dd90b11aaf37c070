-- What to do next, in dollars a month: levers that take cost off the calls of the 28 days to as_of_date.
-- Grain: one row per lever and scope (scope_dimension, scope_value); a lever that finds nothing has one of scope `all`.
-- Each row counts after those ranked above it: monthly_saving_usd adds up, standalone_saving_usd does not.
-- decisions.md, Savings.
{% set overlaps = [] -%}
{% for lever in savings_levers() -%}
{% do overlaps.append(
    "case when lever <> '" ~ lever ~ "' and max(is_touched_by_" ~ lever ~ ") then '" ~ lever ~ ", ' else '' end"
) -%}
{% endfor -%}
with

savings as (

    select
        *,
        row_number() over (
            partition by lever, scope_value
            order by
                standalone_saving_usd desc nulls last,
                target asc nulls last,
                pair_count desc nulls last,
                group_id asc nulls last
        ) as share_rank
    from {{ ref('int_savings_ranked') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

scopes as (

    select
        lever,
        scope_dimension,
        scope_value,
        -- Of the group with most in it.
        {% for column in ['target', 'pair_count', 'tolerating_count', 'last_pair_date'] -%}
        max(case when share_rank = 1 then {{ column }} end) as {{ column }},
        {% endfor -%}
        {{ token_sum('call_count') }} as touched_call_count,
        {{ money('sum(monthly_cost_usd)') }} as touched_cost_usd,
        {{ money('sum(standalone_saving_usd)') }} as standalone_saving_usd,
        {{ money('sum(monthly_saving_usd)') }} as monthly_saving_usd,
        {{ money('sum(monthly_saving_lower_usd)') }} as monthly_saving_lower_usd,
        -- Each word with a comma after it; the last one's is cut off below.
        {{ overlaps | join('\n        || ') }} as overlapping
    from savings
    group by
        lever,
        scope_dimension,
        scope_value
    having sum(standalone_saving_usd) > 0

),

rows_of_levers as (

    select
        levers.lever,
        levers.has_data,
        scopes.lever is not null as is_found,
        coalesce(scopes.scope_dimension, 'all') as scope_dimension,
        coalesce(scopes.scope_value, 'all') as scope_value,
        scopes.target,
        scopes.pair_count,
        scopes.tolerating_count,
        scopes.last_pair_date,
        cast(coalesce(scopes.touched_call_count, 0) as bigint) as touched_call_count,
        {% for column in [
            'touched_cost_usd', 'standalone_saving_usd', 'monthly_saving_usd', 'monthly_saving_lower_usd',
        ] -%}
        {{ money('coalesce(scopes.' ~ column ~ ', 0)') }} as {{ column }},
        {% endfor -%}
        nullif(substring(scopes.overlapping, 1, length(scopes.overlapping) - 2), '') as overlaps_with,
        as_of.as_of_date
    from {{ ref('int_savings_levers') }} as levers
    cross join as_of
    left join scopes
        on levers.lever = scopes.lever

),

final as (

    select
        lever,
        scope_dimension,
        scope_value,
        cast(row_number() over (
            order by standalone_saving_usd desc nulls last, lever asc nulls last, scope_value asc nulls last
        ) as bigint) as rank,
        case
            when monthly_saving_usd > 0 then 'saves'
            when is_found then 'overlapped'
            when has_data then 'nothing_to_save'
            else 'no_data'
        end as status,
        case
            when monthly_saving_usd > 0 then cast(null as string)
            when is_found then 'The levers ranked above leave nothing of it.'
            when has_data then {{ savings_word('nothing') }}
            else {{ savings_word('no_data') }}
        end as reason,
        monthly_saving_usd,
        monthly_saving_lower_usd,
        standalone_saving_usd,
        touched_cost_usd,
        touched_call_count,
        {{ savings_word('effort') }} as effort,
        case
            when not is_found then 'none'
            else cast(touched_call_count as string) || ' calls of the {{ var("traffic_days") }} days to '
                || cast(as_of_date as string) || case
                    when pair_count is null then ''
                    else '; ' || cast(tolerating_count as string) || ' of ' || cast(pair_count as string)
                        || ' pairs as good on ' || target || ', the last on ' || cast(last_pair_date as string)
                end
        end as evidence,
        pair_count as evidence_pair_count,
        case when is_found then coalesce(last_pair_date, as_of_date) end as evidence_date,
        overlaps_with,
        case
            when is_found then {{ savings_word('action') }}
            when has_data then 'Nothing to do.'
            else 'Land or fill in what the reason names.'
        end as action
    from rows_of_levers

)

select * from final
