-- What the last complete quarter would have cost, brought in and left over in each scenario, the quarter as it was
-- beside it.
-- Grain: one row per scenario, dimension (all, customer, plan) and dimension_value.
-- Internal use is left out. Never add dimensions up: each holds the whole again.
-- A replay, no forecast: nobody leaves, comes or uses more. decisions.md, Scenarios.
{% set measures = scenario_measures() %}
{% set money_measures = measures.revenues + measures.costs %}
with

margins as (

    select * from {{ ref('int_scenario_margins') }}

),

judged as (

    select
        *,
        scenario_status in ('applied', 'moves_nothing') as is_replayed
    from {{ ref('int_scenarios_judged') }}

),

-- A customer loses money or does not, as a whole and on each of its plans.
summed as (

    select
        scenario,
        dimension,
        dimension_value,
        period_start_date,
        {% for measure in measures.counts -%}
        {{ token_sum(measure) }} as {{ measure }},
        {% endfor -%}
        {% for side in measures.sides -%}
        {% for measure in money_measures + [measures.profit] -%}
        {{ cost_sum(side ~ '_' ~ measure) }} as {{ side }}_{{ measure }},
        {% endfor -%}
        cast(count(*) filter (where {{ side }}_gross_profit_usd < 0 and customer_id <> 'unattributed') as bigint)
            as {{ side }}_loss_making_customer_count,
        {% endfor -%}
        -- What is unattributed is nobody's loss.
        cast(count(*) filter (where customer_id <> 'unattributed') as bigint) as customer_count,
        cast(count(*) filter (
            where scenario_gross_profit_usd < 0 and baseline_gross_profit_usd >= 0 and customer_id <> 'unattributed'
        ) as bigint) as newly_loss_making_customer_count,
        {{ cost_sum('other_cogs_usd') }} as other_cogs_usd,
        {{ cost_sum('baseline_ai_cost_usd', "customer_id = 'unattributed'") }} as unattributed_cost_usd,
        case when count(cost_status) > 0 then {{ weakest_cost_status('cost_status') }} end as cost_status,
        {{ all_revenue_complete() }} as is_revenue_complete
    from margins
    group by
        scenario,
        dimension,
        dimension_value,
        period_start_date

),

-- What could not be replayed is not known.
known as (

    select
        summed.*,
        judged.scenario_status,
        judged.is_replayed,
        {% for measure in money_measures + [measures.profit] -%}
        case when judged.is_replayed then summed.scenario_{{ measure }} end as known_{{ measure }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from summed
    inner join judged
        on summed.scenario = judged.scenario

),

final as (

    select
        scenario,
        dimension,
        dimension_value,
        period_start_date,
        scenario_status,
        call_count,
        successful_inference_count,
        {% for measure in money_measures -%}
        baseline_{{ measure }},
        known_{{ measure }} as scenario_{{ measure }},
        {% endfor -%}
        other_cogs_usd,
        baseline_gross_profit_usd,
        known_gross_profit_usd as scenario_gross_profit_usd,
        {{ money('known_gross_profit_usd - baseline_gross_profit_usd') }} as gross_profit_change_usd,
        baseline_loss_making_customer_count,
        case when is_replayed then scenario_loss_making_customer_count end as scenario_loss_making_customer_count,
        case when is_replayed then newly_loss_making_customer_count end as newly_loss_making_customer_count,
        {% for side, prefix in {'baseline': 'baseline', 'scenario': 'known'}.items() -%}
        case
            when {{ prefix }}_ai_revenue_usd > 0.000001
                then {{ ratio(prefix ~ '_ai_revenue_usd - ' ~ prefix ~ '_ai_cost_usd', prefix ~ '_ai_revenue_usd') }}
        end as {{ side }}_inference_margin_ratio,
        case
            when {{ prefix }}_revenue_usd > 0
                then {{ ratio(prefix ~ '_gross_profit_usd', prefix ~ '_revenue_usd') }}
        end as {{ side }}_gross_margin_ratio,
        case
            when {{ prefix }}_inference_cost_usd > 0
                then {{ ratio(prefix ~ '_ai_revenue_usd', prefix ~ '_inference_cost_usd') }}
        end as {{ side }}_ier,
        {% endfor -%}
        {{ ratio('unpriced_call_count', 'call_count') }} as unpriced_ratio,
        {{ ratio('unattributed_cost_usd', 'baseline_ai_cost_usd') }} as unattributed_ratio,
        cost_status,
        baseline_gross_profit_usd < 0 as is_baseline_loss_making,
        known_gross_profit_usd < 0 as is_scenario_loss_making,
        case
            when is_replayed
                then known_gross_profit_usd < 0 and baseline_gross_profit_usd >= 0 and customer_count > 0
        end as is_newly_loss_making,
        true as is_complete,
        is_revenue_complete
    from known

)

select * from final
