-- What changed calls and changed prices did to the computed cost of a customer's month.
-- Grain: one row per customer_id, period_start_date, model (as logged) and resolved_provider whose calls or computed
-- cost changed.
-- With both, today's calls at the prices of the release come between: decisions.md, Restatements.
{{ config(materialized='table') }}
{% set counts = ['call_count', 'token_count', 'billed_call_count'] + restated_parts().values() | list %}
{% set costs = restated_parts().keys() | list + ['computed_cost_usd'] %}
with

compared as (

    select * from {{ ref('int_costs_compared') }}

),

changes as (

    select
        model,
        period_start_date,
        cost_pool,
        count(*) filter (where input_kind = 'model_name') > 0 as is_renamed
    from {{ ref('int_inputs_changed') }}
    where input_kind in ('price', 'model_name')
    group by
        model,
        period_start_date,
        cost_pool

),

rekeyed as (

    select * from {{ ref('int_customers_rekeyed') }}

),

sold as (

    -- A name that is resolved to another seller leaves one and comes to the other: both are one here.
    select
        compared.*,
        case when changes.is_renamed then '' else compared.resolved_provider end as sold_by,
        changes.model is not null as has_price_change
    from compared
    left join changes
        on compared.model = changes.model
        and compared.period_start_date = changes.period_start_date
        and 'priced|' || compared.resolved_provider = changes.cost_pool

),

by_seller as (

    select
        customer_id,
        period_start_date,
        model,
        sold_by as resolved_provider,
        has_price_change,
        -- A release of an earlier version did not keep what was paid for.
        count(*) = count(reported_paid_call_count) as has_paid_counts,
        {% for count in counts -%}
        {{ token_sum('reported_' ~ count) }} as reported_{{ count }},
        {{ token_sum(count) }} as {{ count }},
        {% endfor -%}
        {% for cost in costs -%}
        {{ cost_sum('reported_' ~ cost) }} as reported_{{ cost }},
        {{ cost_sum(cost) }} as {{ cost }}{{ ',' if not loop.last }}
        {% endfor %}
    from sold
    group by
        customer_id,
        period_start_date,
        model,
        sold_by,
        has_price_change

),

flagged as (

    select
        by_seller.*,
        by_seller.call_count - by_seller.reported_call_count as new_call_count,
        -- Not where calls got a price or lost it: then paid calls become more as those without a price become fewer.
        by_seller.has_paid_counts
        and (by_seller.paid_call_count - by_seller.reported_paid_call_count) * (
            by_seller.billed_call_count - by_seller.paid_call_count
            - by_seller.reported_billed_call_count + by_seller.reported_paid_call_count
        ) >= 0 as goes_by_paid_counts,
        rekeyed.customer_id is not null as is_rekeyed
    from by_seller
    left join rekeyed
        on by_seller.customer_id = rekeyed.customer_id

),

moved as (

    -- Calls moved where one customer lost what another gained; a call that is new for everybody came late.
    select
        *,
        new_call_count <> 0
        or token_count <> reported_token_count
        {% for count in restated_parts().values() -%}
        or (goes_by_paid_counts and {{ count }} <> reported_{{ count }})
        {% endfor %} as has_other_counts,
        min(new_call_count) over (partition by period_start_date, model, resolved_provider, is_rekeyed) < 0
        and max(new_call_count) over (partition by period_start_date, model, resolved_provider, is_rekeyed) > 0
        and new_call_count <> 0
        and is_rekeyed as is_moved
    from flagged

),

final as (

    select
        customer_id,
        period_start_date,
        model,
        resolved_provider,
        case when is_moved then 'crm' else 'late_events' end as calls_cause,
        has_price_change,
        not has_price_change or has_other_counts as has_other_calls,
        reported_computed_cost_usd,
        case
            when not has_price_change then computed_cost_usd
            when goes_by_paid_counts then {% set parts = [] -%}
            {%- for cost, count in restated_parts().items() -%}
            {%- do parts.append('coalesce(' ~ shared_part('reported_' ~ cost, count, 'reported_' ~ count, 0) ~ ', ' ~ cost ~ ')') -%}
            {%- endfor -%}
            {{ money(parts | join(' + ')) }}
            else {{ money(
                'coalesce('
                ~ shared_part('reported_computed_cost_usd', 'token_count', 'reported_token_count', 0) ~ ', '
                ~ shared_part('reported_computed_cost_usd', 'call_count', 'reported_call_count', 0)
                ~ ', computed_cost_usd)'
            ) }}
        end as computed_at_reported_prices_usd,
        computed_cost_usd
    from moved
    where has_other_counts or computed_cost_usd <> reported_computed_cost_usd

)

select * from final
