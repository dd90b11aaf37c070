-- Evidence on cheaper models that is too old to decide by, where there is traffic it would decide.
-- Grain: one row per use_case, expensive_model, cheap_model and evidence_method. dollars_usd is the cost of that
-- traffic in the last weeks (var traffic_days).
with

evidence as (

    select
        tolerance.*,
        as_of.as_of_date,
        cast({{ dbt.dateadd('month', var('stale_evidence_months'), 'tolerance.last_evidence_date') }} as date)
            as stale_from_date
    from {{ ref('downgrade_tolerance') }} as tolerance
    cross join {{ ref('int_as_of_date') }} as as_of
    where
        tolerance.use_case <> 'all'
        and tolerance.is_stale
        and tolerance.traffic_inference_count > 0

),

final as (

    select
        kinds.kind,
        'evidence' as subject_kind,
        {{ subject_of([
            'evidence.use_case', 'evidence.expensive_model', 'evidence.cheap_model', 'evidence.evidence_method'
        ]) }} as subject,
        evidence.stale_from_date as since_date,
        {{ money(dbt.datediff('evidence.last_evidence_date', 'evidence.as_of_date', 'day')) }} as value,
        {{ money(dbt.datediff('evidence.last_evidence_date', 'evidence.stale_from_date', 'day')) }} as threshold,
        'days' as unit,
        evidence.actual_cost_usd as dollars_usd
    from evidence
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'stale_evidence'
            and kinds.is_on
    where
        kinds.threshold is null
        or {{ dbt.datediff('evidence.last_evidence_date', 'evidence.as_of_date', 'day') }} > kinds.threshold

)

select * from final
