-- What calls would save on a compared cheaper model: as it is, where the evidence allows it, or fine-tuned on a large task.
-- Grain: one row per lever (downgrade_routing, fine_tuning) and group of calls. target: the cheaper model.
-- A tuned model is taken to do the whole task, from two million requests a month on at least what the untuned one does.
-- At computed cost. decisions.md, Savings.
with

allowed as (

    select * from {{ ref('int_downgrades_allowed_monthly') }}

),

evidence as (

    select * from {{ ref('int_downgrade_evidence') }}
    where evidence_method = 'paired'

),

tasks as (

    select
        use_case,
        {{ ratio('365 * sum(inference_count)', 12 * var('traffic_days')) }} as monthly_requests
    from {{ ref('int_savings_groups') }}
    where use_case <> 'unattributed'
    group by use_case

),

thresholds as (

    select
        max(case when band = 'worth_a_look' then low end) as worth_a_look,
        max(case when band = 'clear' then low end) as clear
    from {{ ref('benchmarks') }}
    where metric = 'fine_tuning_requests_per_month'

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

judged as (

    select
        premiums.*,
        evidence.pair_count,
        evidence.tolerating_count,
        evidence.last_evidence_date as last_pair_date,
        coalesce(evidence.lower_ratio, 0) as lower_ratio,
        allowed.cheap_model is not null as is_allowed,
        coalesce(tasks.monthly_requests >= thresholds.worth_a_look, false) as is_large,
        coalesce(tasks.monthly_requests >= thresholds.clear, false) as is_clear
    from premiums
    cross join {{ ref('int_as_of_date') }} as as_of
    cross join thresholds
    left join evidence
        on premiums.use_case = evidence.use_case
        and premiums.expensive_model = evidence.expensive_model
        and premiums.cheap_model = evidence.cheap_model
    left join allowed
        on cast({{ dbt.date_trunc('month', 'as_of.as_of_date') }} as date) = allowed.period_start_date
        and premiums.use_case = allowed.use_case
        and premiums.expensive_model = allowed.expensive_model
        and premiums.cheap_model = allowed.cheap_model
    left join tasks
        on premiums.use_case = tasks.use_case
    where premiums.premium_usd > 0

),

levers as (

    {% for lever, (is_pulled, saving, lower) in {
        'downgrade_routing': [
            'is_allowed', shared_part('premium_usd', 'tolerating_count', 'pair_count', 0), part_of('premium_usd', 'lower_ratio'),
        ],
        'fine_tuning': ['is_large', 'premium_usd', part_of('premium_usd', 'case when is_clear then lower_ratio else 0 end')],
    }.items() -%}
    select
        '{{ lever }}' as lever,
        judged.*,
        {{ saving }} as saving_usd,
        {{ lower }} as saving_lower_usd
    from judged
    where {{ is_pulled }}

    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (

    -- A call is moved once: to the model that saves most.
    select
        *,
        row_number() over (
            partition by lever, {{ savings_group() | join(', ') }}
            order by saving_usd desc nulls last, cheap_model asc nulls last, expensive_model asc nulls last
        ) as saving_rank
    from levers

),

final as (

    select
        lever,
        {{ savings_group() | join(',\n        ') }},
        call_count,
        saving_usd,
        least(saving_lower_usd, saving_usd) as saving_lower_usd,
        cheap_model as target,
        pair_count,
        tolerating_count,
        last_pair_date
    from ranked
    where saving_rank = 1 and saving_usd > 0

)

select * from final
