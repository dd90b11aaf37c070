-- What evaluations say of a cheap model in place of an expensive one: how often it does as well, with an interval.
-- Grain: one row per use_case, expensive_model, cheap_model and evidence_method (paired, ab). Statistics alone: what the
-- calls cost is in int_downgrade_traffic.
-- A small table: planned once, not again by every reader. decisions.md, Downgrade tolerance.
{{ config(materialized='table') }}
with

paired as (

    select
        use_case,
        expensive_model,
        cheap_model,
        cast(sum(pair_count) as bigint) as pair_count,
        cast(sum(tolerating_count) as bigint) as tolerating_count,
        cast(sum(weight) as decimal(28, 12)) as weight,
        cast(sum(expensive_points) as decimal(28, 12)) as expensive_points,
        cast(sum(cheap_points) as decimal(28, 12)) as cheap_points,
        max(widest_range) as widest_range,
        max(last_pair_date) as last_evidence_date
    from {{ ref('int_evaluations_summed_monthly') }}
    group by
        use_case,
        expensive_model,
        cheap_model

),

ab_tests as (

    select * from {{ ref('int_ab_tests_compared') }}

),

evidence as (

    select
        use_case,
        expensive_model,
        cheap_model,
        'paired' as evidence_method,
        pair_count,
        tolerating_count,
        pair_count as observation_count,
        {{ ratio(ratio('expensive_points', 'widest_range'), 'weight') }} as mean_expensive_score,
        {{ ratio(ratio('cheap_points', 'widest_range'), 'weight') }} as mean_cheap_score,
        {{ retention('cheap_points', 'expensive_points') }} as retention_ratio,
        cast(null as decimal(28, 12)) as score_difference,
        cast(null as decimal(28, 12)) as difference_lower,
        cast(null as decimal(28, 12)) as difference_upper,
        last_evidence_date
    from paired

    union all

    select
        use_case,
        expensive_model,
        cheap_model,
        'ab' as evidence_method,
        cast(null as bigint) as pair_count,
        cast(null as bigint) as tolerating_count,
        least(expensive_count, cheap_count) as observation_count,
        mean_expensive_score,
        mean_cheap_score,
        {{ retention('mean_cheap_score', 'mean_expensive_score') }} as retention_ratio,
        score_difference,
        difference_lower,
        difference_upper,
        last_observed_date as last_evidence_date
    from ab_tests

),

final as (

    select
        evidence.use_case,
        evidence.expensive_model,
        evidence.cheap_model,
        evidence.evidence_method,
        evidence.pair_count,
        evidence.tolerating_count,
        evidence.observation_count,
        {{ ratio('evidence.tolerating_count', 'evidence.pair_count') }} as tolerance_ratio,
        {{ wilson_bound('evidence.tolerating_count', 'evidence.pair_count', '-') }} as lower_ratio,
        {{ wilson_bound('evidence.tolerating_count', 'evidence.pair_count', '+') }} as upper_ratio,
        evidence.mean_expensive_score,
        evidence.mean_cheap_score,
        evidence.retention_ratio,
        cast(1 - evidence.retention_ratio as decimal(28, 12)) as quality_drop_ratio,
        evidence.score_difference,
        evidence.difference_lower,
        evidence.difference_upper,
        evidence.difference_lower >= -1 * {{ var('tolerance_points') }} as is_non_inferior,
        {{ downgrade_decision('evidence.retention_ratio') }} as decision,
        evidence.last_evidence_date,
        coalesce(
            cast({{ dbt.dateadd('month', var('stale_evidence_months'), 'evidence.last_evidence_date') }} as date)
            <= as_of.as_of_date,
            false
        ) as is_stale,
        evidence.observation_count >= {{ var('min_pairs') }} as is_sufficient
    from evidence
    cross join {{ ref('int_as_of_date') }} as as_of

)

select * from final
