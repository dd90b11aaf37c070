-- What the calls of the 28 days would save on a cheaper model: as it is, where the evidence allows it, or fine-tuned on a
-- task that is large enough.
-- Grain: one row per lever (downgrade_routing, fine_tuning) and group of calls. target: the cheaper model.
-- A tuned model is taken to do the whole task. From two million requests a month on, the calls that tolerate the model
-- without tuning are its lower bound; below there is none. At computed cost. decisions.md, Savings.
with

downgrades as (

    select * from {{ ref('int_downgrades_repriced') }}

),

tasks as (

    select
        use_case,
        cast({{ ratio('365 * sum(inference_count)', 12 * var('traffic_days')) }} as decimal(28, 12)) as monthly_requests
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

by_model as (

    select
        'downgrade_routing' as lever,
        {{ savings_group() | join(',\n        ') }},
        cheap_model,
        call_count,
        {{ shared_part('premium_usd', 'tolerating_count', 'pair_count', 0) }} as saving_usd,
        {{ part_of('premium_usd', 'lower_ratio') }} as saving_lower_usd,
        pair_count,
        tolerating_count,
        last_pair_date
    from downgrades
    where is_allowed

    union all

    select
        'fine_tuning' as lever,
        {{ savings_group('downgrades.') | join(',\n        ') }},
        downgrades.cheap_model,
        downgrades.call_count,
        downgrades.premium_usd as saving_usd,
        {{ money(
            'case when tasks.monthly_requests >= thresholds.clear then '
            ~ part_of('downgrades.premium_usd', 'downgrades.lower_ratio') ~ ' else 0 end'
        ) }} as saving_lower_usd,
        downgrades.pair_count,
        downgrades.tolerating_count,
        downgrades.last_pair_date
    from downgrades
    cross join thresholds
    inner join tasks
        on downgrades.use_case = tasks.use_case
    where tasks.monthly_requests >= thresholds.worth_a_look

),

ranked as (

    -- A call is moved once: to the model that saves most.
    select
        *,
        row_number() over (
            partition by lever, {{ savings_group() | join(', ') }}
            order by saving_usd desc nulls last, cheap_model asc nulls last, pair_count desc nulls last
        ) as saving_rank
    from by_model

)

select
    lever,
    {{ savings_group() | join(',\n    ') }},
    call_count,
    saving_usd,
    least(saving_lower_usd, saving_usd) as saving_lower_usd,
    cheap_model as target,
    pair_count,
    tolerating_count,
    last_pair_date
from ranked
where
    saving_rank = 1
    and saving_usd > 0
