-- What was billed for priced calls against what they were computed to cost, and what becomes of the difference.
-- Grain: one row per period_start_date, resolved_provider, true_up_group and model_tag (`all` = untagged lines).
-- Only calls on covered days are trued up; `factor_status` says how. decisions.md, True-up.
{{ config(materialized='table') }}
{% set key = ['period_start_date', 'resolved_provider', 'true_up_group', 'model_tag'] %}
with

lines as (

    select
        *,
        component as true_up_group
    from {{ ref('int_bill_lines_monthly') }}
    where
        component in ('llm_api', 'embedding')
        and is_cost
        and recognised_day_count > 0

),

provider_usage as (

    select * from {{ ref('int_provider_usage_monthly') }}

),

computed as (

    select
        {{ key | join(',\n        ') }},
        {{ cost_sum('computed_cost_usd', 'is_covered') }} as computed_cost_usd,
        {{ cost_sum('computed_cost_usd', 'not is_covered') }} as uncovered_computed_cost_usd
    from {{ ref('int_computed_costs_daily') }}
    group by {{ key | join(',\n        ') }}

),

billed as (

    select
        {{ key | join(',\n        ') }},
        min(provider) as provider,
        min(model) as model,
        min(resolved_model) as resolved_model,
        {{ cost_sum('recognised_usd') }} as billed_cost_usd,
        {{ cost_sum('recognised_usd', "kind = 'usage'") }} as billed_usage_usd
    from lines
    group by {{ key | join(',\n        ') }}

),

covered as (

    select
        {{ key | join(',\n        ') | replace('true_up_group', 'component as true_up_group') }},
        count(*) as covered_days
    from {{ ref('int_bill_days_covered') }}
    where is_covered
    group by {{ key | join(',\n        ') | replace('true_up_group', 'component') }}

),

joined as (

    select
        {% for column in key -%}
        coalesce(billed.{{ column }}, computed.{{ column }}) as {{ column }},
        {% endfor -%}
        billed.provider,
        billed.model,
        billed.resolved_model,
        billed.model_tag is not null as is_billed,
        coalesce(covered.covered_days, 0) as covered_days,
        {{ money('coalesce(billed.billed_cost_usd, 0)') }} as billed_cost_usd,
        {{ money('coalesce(billed.billed_usage_usd, 0)') }} as billed_usage_usd,
        {{ money('coalesce(computed.computed_cost_usd, 0)') }} as computed_cost_usd,
        {{ money('coalesce(computed.uncovered_computed_cost_usd, 0)') }} as uncovered_computed_cost_usd,
        coalesce(provider_usage.has_usage_gap, false) as has_usage_gap
    from billed
    full outer join computed
        on {% for column in key -%}
        billed.{{ column }} = computed.{{ column }}{{ '\n        and ' if not loop.last }}
        {%- endfor %}
    left join covered
        on {% for column in key -%}
        billed.{{ column }} = covered.{{ column }}{{ '\n        and ' if not loop.last }}
        {%- endfor %}
    left join provider_usage
        on billed.period_start_date = provider_usage.period_start_date
        and billed.resolved_provider = provider_usage.resolved_provider
        and billed.model_tag = provider_usage.model_tag

),

classified as (

    select
        *,
        {{ money('billed_cost_usd - computed_cost_usd') }} as variance_usd,
        {{ money('computed_cost_usd * ' ~ var('max_true_up_factor')) }} as highest_cost_usd,
        case
            when not is_billed then 'no_bill'
            when computed_cost_usd = 0 then 'no_usage'
            when
                abs(billed_cost_usd - computed_cost_usd) <= {{ var('true_up_tolerance_ratio') }} * abs(billed_cost_usd)
                then 'within_tolerance'
            when
                abs(billed_usage_usd - computed_cost_usd)
                <= {{ var('true_up_tolerance_ratio') }} * abs(billed_usage_usd)
                then 'correction'
            when has_usage_gap then 'usage_gap'
            when billed_cost_usd > computed_cost_usd * {{ var('max_true_up_factor') }} then 'unexplained'
            else 'price_difference'
        end as variance_class
    from joined

),

final as (

    select
        {{ key | join(',\n        ') }},
        provider,
        model,
        resolved_model,
        covered_days,
        billed_cost_usd,
        computed_cost_usd,
        uncovered_computed_cost_usd,
        variance_usd,
        variance_class,
        case
            when variance_class in ('no_bill', 'no_usage', 'usage_gap') then 'as_computed'
            when billed_cost_usd > computed_cost_usd * {{ var('max_true_up_factor') }} then 'capped'
            else 'as_billed'
        end as factor_status,
        -- What our calls carry of the bill; the rest is spend that our logs did not see.
        {{ money(
            "case when variance_class in ('no_usage', 'usage_gap') then variance_usd"
            ~ " when variance_class <> 'no_bill' and billed_cost_usd > highest_cost_usd"
            ~ " then billed_cost_usd - highest_cost_usd else 0 end"
        ) }} as unattributed_cost_usd
    from classified
    where variance_class <> 'no_bill' or uncovered_computed_cost_usd <> 0

)

select * from final
