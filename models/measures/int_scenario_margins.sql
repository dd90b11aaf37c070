-- What each customer brought in and cost in the last complete quarter, as it was and as each scenario has it.
-- Grain: one row per scenario, dimension (all, customer, plan of the day), dimension_value and customer_id. Internal use
-- is left out. Each dimension holds the whole again.
{{ config(materialized='table') }}
{% set measures = scenario_measures() %}
with

scenarios as (

    select distinct scenario
    from {{ ref('int_scenarios_read') }}

),

baseline as (

    select
        quarters.period_start_date,
        economics.customer_id,
        economics.plan,
        {{ all_revenue_complete() }} as is_revenue_complete,
        {{ economics_sums() }}
    from {{ ref('int_unit_economics_daily') }} as economics
    inner join {{ ref('int_quarter_over') }} as quarters
        on economics.usage_date >= quarters.period_start_date
        and economics.usage_date < quarters.next_quarter_start_date
    where not economics.is_internal
    group by quarters.period_start_date, economics.customer_id, economics.plan

),

-- Token costs are part of inference cost and of AI cost alike.
costs as (

    select
        scenario,
        customer_id,
        plan,
        {{ cost_sum('scenario_token_cost_usd - token_cost_usd') }} as cost_change_usd
    from {{ ref('int_scenario_costs_replayed') }}
    group by scenario, customer_id, plan

),

revenues_by_multiple as (

    select
        scenario,
        customer_id,
        plan,
        price_multiple,
        {% for revenue in measures.revenues -%}
        {{ cost_sum(revenue) }} as {{ revenue }},
        {{ cost_sum('kept_' ~ revenue) }} as kept_{{ revenue }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_scenario_revenues_replayed') }}
    group by scenario, customer_id, plan, price_multiple

),

revenues as (

    select
        scenario,
        customer_id,
        plan,
        {% for revenue in measures.revenues -%}
        {{ cost_sum(money('kept_' ~ revenue ~ ' * price_multiple') ~ ' - ' ~ revenue) }} as {{ revenue }}_change
        {{- ',' if not loop.last }}
        {% endfor %}
    from revenues_by_multiple
    group by scenario, customer_id, plan

),

joined as (

    select
        scenarios.scenario,
        baseline.period_start_date,
        baseline.customer_id,
        baseline.plan,
        {% for count in measures.counts -%}
        baseline.{{ count }},
        {% endfor -%}
        {% for revenue in measures.revenues -%}
        baseline.{{ revenue }} as baseline_{{ revenue }},
        {{ money('baseline.' ~ revenue ~ ' + coalesce(revenues.' ~ revenue ~ '_change, 0)') }} as scenario_{{ revenue }},
        {% endfor -%}
        {% for cost in measures.costs -%}
        baseline.{{ cost }} as baseline_{{ cost }},
        {{ money('baseline.' ~ cost ~ ' + coalesce(costs.cost_change_usd, 0)') }} as scenario_{{ cost }},
        {% endfor -%}
        baseline.other_cogs_usd,
        baseline.cost_status,
        baseline.is_revenue_complete
    from baseline
    cross join scenarios
    left join costs
        on scenarios.scenario = costs.scenario
        and {{ same_keys('baseline', 'costs', ['customer_id', 'plan']) }}
    left join revenues
        on scenarios.scenario = revenues.scenario
        and {{ same_keys('baseline', 'revenues', ['customer_id', 'plan']) }}

),

dimensioned as (

    select
        joined.*,
        dimensions.dimension,
        case dimensions.dimension
            when 'customer' then joined.customer_id
            when 'plan' then joined.plan
            else 'all'
        end as dimension_value
    from joined
    cross join (values ('all'), ('customer'), ('plan')) as dimensions (dimension)

),

final as (

    select
        scenario,
        dimension,
        dimension_value,
        period_start_date,
        customer_id,
        {% for count in measures.counts -%}
        {{ token_sum(count) }} as {{ count }},
        {% endfor -%}
        {% for side in measures.sides -%}
        {% for measure in measures.revenues + measures.costs -%}
        {{ cost_sum(side ~ '_' ~ measure) }} as {{ side }}_{{ measure }},
        {% endfor -%}
        {{ cost_sum(side ~ '_revenue_usd - ' ~ side ~ '_ai_cost_usd - other_cogs_usd') }} as {{ side }}_{{ measures.profit }},
        {% endfor -%}
        {{ cost_sum('other_cogs_usd') }} as other_cogs_usd,
        case when count(cost_status) > 0 then {{ weakest_cost_status('cost_status') }} end as cost_status,
        {{ all_revenue_complete() }} as is_revenue_complete
    from dimensioned
    group by scenario, dimension, dimension_value, period_start_date, customer_id

)

select * from final
