{{ config(severity='warn') }}
-- Scores outside the scale of their row are kept and scaled as they are (some graders go below 0), and scales without
-- extent cannot be used at all. Either may be a scale that nobody filled in: 4 of 5 stars on a scale of 0 to 1.
select
    'paired_evaluations' as source_name,
    evaluation_id as row_name,
    scale_min,
    scale_max,
    expensive_score as score
from {{ ref('stg_canonical__paired_evaluations') }}
where
    scale_min = scale_max
    or expensive_score not between least(scale_min, scale_max) and greatest(scale_min, scale_max)
    or cheap_score not between least(scale_min, scale_max) and greatest(scale_min, scale_max)

union all

select
    'ab_results' as source_name,
    experiment_id as row_name,
    scale_min,
    scale_max,
    score
from {{ ref('stg_canonical__ab_results') }}
where
    scale_min = scale_max
    or score not between least(scale_min, scale_max) and greatest(scale_min, scale_max)
