-- What the calls of the 28 days on an expensive model cost above a compared cheap one, with the evidence for it.
-- Grain: one row per expensive_model, cheap_model and group of calls, where the cheap model would have cost less.
-- is_allowed by decision, freshness and number of pairs on as_of_date. At computed cost.
-- decisions.md, Savings of a downgrade.
{{ config(materialized='table') }}
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

allowed as (

    select allowed.*
    from {{ ref('int_downgrades_allowed_monthly') }} as allowed
    cross join as_of
    where allowed.period_start_date = cast({{ dbt.date_trunc('month', 'as_of.as_of_date') }} as date)

),

evidence as (

    select
        use_case,
        expensive_model,
        cheap_model,
        cast(sum(pair_count) as bigint) as pair_count,
        cast(sum(tolerating_count) as bigint) as tolerating_count,
        max(last_pair_date) as last_pair_date
    from {{ ref('int_evaluations_summed_monthly') }}
    group by
        use_case,
        expensive_model,
        cheap_model

),

premiums as (

    select
        repriced.expensive_model,
        repriced.cheap_model,
        {{ savings_group('calls.') | join(',\n        ') }},
        count(*) as call_count,
        {{ cost_sum('repriced.computed_cost_usd - repriced.repriced_cost_usd') }} as premium_usd
    from {{ ref('int_calls_repriced') }} as repriced
    inner join {{ ref('fct_inference_calls') }} as calls
        on repriced.call_id = calls.call_id
    where
        repriced.is_recent
        and repriced.repriced_cost_usd is not null
    group by
        repriced.expensive_model,
        repriced.cheap_model,
        {{ savings_group('calls.') | join(',\n        ') }}

),

final as (

    select
        {{ savings_group('premiums.') | join(',\n        ') }},
        premiums.expensive_model,
        premiums.cheap_model,
        premiums.call_count,
        premiums.premium_usd,
        evidence.pair_count,
        evidence.tolerating_count,
        coalesce({{ wilson_bound('evidence.tolerating_count', 'evidence.pair_count', '-') }}, 0) as lower_ratio,
        evidence.last_pair_date,
        allowed.cheap_model is not null as is_allowed
    from premiums
    left join evidence
        on premiums.use_case = evidence.use_case
        and premiums.expensive_model = evidence.expensive_model
        and premiums.cheap_model = evidence.cheap_model
    left join allowed
        on premiums.use_case = allowed.use_case
        and premiums.expensive_model = allowed.expensive_model
        and premiums.cheap_model = allowed.cheap_model
    where premiums.premium_usd > 0

)

select * from final
