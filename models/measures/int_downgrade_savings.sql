-- What moving to a cheap model is worth, with the evidence that it may: the decision matrix and the dollars of a month.
-- Grain: one row per use_case, expensive_model, cheap_model and evidence_method.
-- Savings are of paired evidence that says yes, is fresh and is large enough. A month is 365 / 12 days; what the 28
-- days would have saved at every call is the whole of it. decisions.md, Savings of a downgrade.
with

judged as (

    select
        evidence.*,
        traffic.traffic_inference_count,
        traffic.eligible_call_count,
        traffic.unpriced_call_count,
        traffic.actual_cost_usd,
        traffic.repriced_cost_usd,
        traffic.cost_multiple,
        evidence.evidence_method = 'paired' and evidence.decision = 'yes' and evidence.is_sufficient
        and not evidence.is_stale as is_saving
    from {{ ref('int_downgrade_evidence') }} as evidence
    inner join {{ ref('int_downgrade_traffic') }} as traffic
        on evidence.use_case = traffic.use_case
        and evidence.expensive_model = traffic.expensive_model
        and evidence.cheap_model = traffic.cheap_model

),

saved as (

    select
        *,
        case
            when cost_multiple is null then 'no_data'
            when cost_multiple < {{ var('matrix_worth_cost_multiple') }} then 'not_worth_it'
            when
                quality_drop_ratio <= {{ var('matrix_switch_quality_drop') }}
                and cost_multiple >= {{ var('matrix_switch_cost_multiple') }} then 'switch'
            when quality_drop_ratio <= {{ var('matrix_test_quality_drop') }} then 'test'
            when quality_drop_ratio <= {{ var('matrix_ab_test_quality_drop') }} then 'ab_test'
            when quality_drop_ratio is not null then 'keep'
            else 'no_data'
        end as matrix_decision,
        {{ money(
            'case when is_saving then '
            ~ shared_part(
                'actual_cost_usd - repriced_cost_usd',
                '365 * tolerating_count',
                '12 * ' ~ var('traffic_days') ~ ' * pair_count', 0
            ) ~ ' else 0 end'
        ) }} as monthly_saving_usd,
        {{ money(
            'case when is_saving then '
            ~ 'cast(' ~ ratio('365 * (actual_cost_usd - repriced_cost_usd)', '12 * ' ~ var('traffic_days')) ~ ' as decimal(22, 12))'
            ~ ' * cast(lower_ratio as decimal(15, 12)) else 0 end'
        ) }} as monthly_saving_lower_usd
    from judged

),

final as (

    select
        use_case,
        expensive_model,
        cheap_model,
        evidence_method,
        pair_count,
        tolerating_count,
        observation_count,
        traffic_inference_count,
        eligible_call_count,
        unpriced_call_count,
        actual_cost_usd,
        repriced_cost_usd,
        cost_multiple,
        tolerance_ratio,
        lower_ratio,
        upper_ratio,
        mean_expensive_score,
        mean_cheap_score,
        retention_ratio,
        quality_drop_ratio,
        score_difference,
        difference_lower,
        difference_upper,
        is_non_inferior,
        decision,
        matrix_decision,
        last_evidence_date,
        is_stale,
        is_sufficient,
        monthly_saving_usd,
        monthly_saving_lower_usd,
        -- A call is switched once: to the model that saves most.
        row_number() over (
            partition by use_case, expensive_model, evidence_method
            order by monthly_saving_usd desc nulls last, tolerance_ratio desc nulls last, cheap_model asc nulls last
        ) = 1 as is_best_model
    from saved

)

select * from final
