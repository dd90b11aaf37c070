-- Whether each scenario could be replayed, and if not, why.
-- Grain: one row per scenario. The first reason of any of its rules; a scenario in parts is none.
-- A rule that moves no dollar, though it is no multiple of 1, is replayed and said to move nothing.
{% set reasons = [
    'unknown_lever', 'unknown_scope', 'bad_value', 'unknown_model', 'no_price', 'nothing_in_scope', 'moves_nothing',
] %}
with

rules as (

    select * from {{ ref('int_scenarios_read') }}

),

on_usage as (

    select
        on_usage.rule_number,
        cast(count(*) as bigint) as row_count,
        {{ token_sum('usage_rows.served_inference_count') }} as served_inference_count,
        max(case on_usage.lever
            {% for lever in ['model_swap', 'price', 'unsubsidised', 'cache_rate', 'quota'] -%}
            when '{{ lever }}' then replayed.moves_{{ lever }}
            {% endfor %}
        end) as has_moved
    from {{ ref('int_scenario_rules_on_usage') }} as on_usage
    inner join {{ ref('int_scenario_usage_daily') }} as usage_rows
        on on_usage.usage_row_number = usage_rows.usage_row_number
    inner join {{ ref('int_scenario_costs_replayed') }} as replayed
        on on_usage.scenario = replayed.scenario
        and on_usage.usage_row_number = replayed.usage_row_number
    group by on_usage.rule_number

),

on_revenue as (

    select
        rule_number,
        cast(count(*) as bigint) as row_count,
        max(kept_revenue_usd <> 0 and price_multiple <> 1) as has_moved
    from {{ ref('int_scenario_revenues_replayed') }}
    where rule_number is not null
    group by rule_number

),

-- A quota cuts metered revenue too.
cut as (

    select
        scenario,
        max(kept_revenue_usd <> revenue_usd) as has_moved
    from {{ ref('int_scenario_revenues_replayed') }}
    group by scenario

),

swaps as (

    select
        rule_number,
        cast(count(*) as bigint) as row_count,
        cast(count(*) filter (where has_price) as bigint) as priced_row_count
    from {{ ref('int_scenario_swaps_priced') }}
    where replayed_tokens > 0
    group by rule_number

),

judged as (

    select
        rules.scenario,
        case
            when rules.rule_status <> 'known' then rules.rule_status
            when
                case rules.lever
                    when 'plan_price' then coalesce(on_revenue.row_count, 0)
                    when 'model_swap' then coalesce(swaps.row_count, 0)
                    when 'cache_rate' then coalesce(on_usage.served_inference_count, 0)
                    else coalesce(on_usage.row_count, 0)
                end = 0
                then 'nothing_in_scope'
            when rules.lever = 'model_swap' and swaps.priced_row_count = 0 then 'unknown_model'
            when rules.lever = 'model_swap' and swaps.priced_row_count < swaps.row_count then 'no_price'
            when rules.price_multiple = 1 then 'applied'
            when
                coalesce(on_usage.has_moved, false)
                or coalesce(on_revenue.has_moved, false)
                or (rules.lever = 'quota' and coalesce(cut.has_moved, false))
                then 'applied'
            else 'moves_nothing'
        end as rule_status
    from rules
    left join on_usage
        on rules.rule_number = on_usage.rule_number
    left join on_revenue
        on rules.rule_number = on_revenue.rule_number
    left join swaps
        on rules.rule_number = swaps.rule_number
    left join cut
        on rules.scenario = cut.scenario

),

final as (

    select
        scenario,
        case
            {% for reason in reasons -%}
            when count(*) filter (where rule_status = '{{ reason }}') > 0 then '{{ reason }}'
            {% endfor -%}
            else 'applied'
        end as scenario_status
    from judged
    group by scenario

)

select * from final
