-- Every landed pair up to as_of_date is in the evidence once. A lost pair would only show as a wider interval.
-- Pairs on a scale without extent are left out on both sides; assert_scores_lie_on_their_scale lists them.
with

landed as (

    select count(distinct evaluations.evaluation_id) as pair_count
    from {{ source('raw', 'paired_evaluations') }} as evaluations
    inner join {{ ref('stg_canonical__paired_evaluations') }} as newest
        on evaluations.evaluation_id = newest.evaluation_id
    cross join {{ ref('int_as_of_date') }} as as_of
    where
        newest.scale_max <> newest.scale_min
        and (as_of.as_of_date is null or newest.evaluated_date <= as_of.as_of_date)

),

by_models as (

    select coalesce(sum(pair_count), 0) as pair_count
    from {{ ref('downgrade_tolerance') }}
    where
        evidence_method = 'paired'
        and use_case <> 'all'

),

overall as (

    select coalesce(sum(pair_count), 0) as pair_count
    from {{ ref('downgrade_tolerance') }}
    where use_case = 'all'

),

drift as (

    select coalesce(sum(pair_count), 0) as pair_count
    from {{ ref('downgrade_drift_monthly') }}

)

select
    landed.pair_count as landed_pair_count,
    by_models.pair_count as evidence_pair_count,
    overall.pair_count as overall_pair_count,
    drift.pair_count as drift_pair_count
from landed
cross join by_models
cross join overall
cross join drift
where
    landed.pair_count <> by_models.pair_count
    or landed.pair_count <> overall.pair_count
    or landed.pair_count <> drift.pair_count
