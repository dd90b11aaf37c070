-- Where a cheaper model does the work of an expensive one: evidence with its interval, and the dollars in it.
-- Grain: one row per use_case, expensive_model, cheap_model and evidence_method (paired, ab), and `all`.
-- The row `all` weighs the paired evidence by traffic, and saves each call once, at its best model.
-- decisions.md, Downgrade tolerance and Savings of a downgrade.
with

pairs as (

    select * from {{ ref('int_model_pairs_compared') }}

),

evidence_months as (

    select * from {{ ref('int_evaluations_summed_monthly') }}

),

ab_tests as (

    select * from {{ ref('int_ab_tests_compared') }}

),

repriced_calls as (

    select * from {{ ref('int_calls_repriced') }}
    where is_recent

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

targets as (

    select * from {{ ref('metric_targets') }}
    where
        shown_on = 'scorecard'
        and metric = 'downgrade_tolerance'
        and company_stage = '{{ var("company_stage") }}'

),

typical as (

    select * from {{ ref('benchmarks') }}
    where metric = 'downgrade_tolerance'

),

recent_usage as (

    select
        usage_daily.use_case,
        usage_daily.provider,
        usage_daily.resolved_provider,
        usage_daily.model,
        usage_daily.resolved_model,
        usage_daily.successful_inference_count
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    cross join as_of
    where
        not customers.is_internal
        and usage_daily.usage_date
        > cast({{ dbt.dateadd('day', -1 * var('traffic_days'), 'as_of.as_of_date') }} as date)
        and usage_daily.usage_date <= as_of.as_of_date

),

traffic as (

    select
        pairs.use_case,
        pairs.expensive_model,
        pairs.cheap_model,
        {{ token_sum('recent_usage.successful_inference_count') }} as traffic_inference_count
    from pairs
    left join recent_usage
        on {{ uses_model('pairs', 'recent_usage') }}
    group by
        pairs.use_case,
        pairs.expensive_model,
        pairs.cheap_model

),

costs as (

    select
        use_case,
        expensive_model,
        cheap_model,
        count(*) as eligible_call_count,
        count(*) filter (where repriced_cost_usd is null) as unpriced_call_count,
        -- A call the cheap model has no price for stands on neither side.
        {{ cost_sum('computed_cost_usd', 'repriced_cost_usd is not null') }} as actual_cost_usd,
        {{ cost_sum('repriced_cost_usd') }} as repriced_cost_usd
    from repriced_calls
    group by
        use_case,
        expensive_model,
        cheap_model

),

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
    from evidence_months
    group by
        use_case,
        expensive_model,
        cheap_model

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
        {{ ratio('tolerating_count', 'pair_count') }} as tolerance_ratio,
        {{ wilson_bound('tolerating_count', 'pair_count', '-') }} as lower_ratio,
        {{ wilson_bound('tolerating_count', 'pair_count', '+') }} as upper_ratio,
        {{ ratio(ratio('expensive_points', 'widest_range'), 'weight') }} as mean_expensive_score,
        {{ ratio(ratio('cheap_points', 'widest_range'), 'weight') }} as mean_cheap_score,
        {{ ratio('cheap_points', 'expensive_points') }} as retention_ratio,
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
        cast(null as decimal(28, 12)) as tolerance_ratio,
        cast(null as decimal(28, 12)) as lower_ratio,
        cast(null as decimal(28, 12)) as upper_ratio,
        mean_expensive_score,
        mean_cheap_score,
        {{ ratio('mean_cheap_score', 'mean_expensive_score') }} as retention_ratio,
        score_difference,
        difference_lower,
        difference_upper,
        last_observed_date as last_evidence_date
    from ab_tests

),

judged as (

    select
        evidence.*,
        cast(1 - evidence.retention_ratio as decimal(28, 12)) as quality_drop_ratio,
        evidence.difference_lower >= -1 * {{ var('tolerance_points') }} as is_non_inferior,
        coalesce(
            cast({{ dbt.dateadd('month', var('stale_evidence_months'), 'evidence.last_evidence_date') }} as date)
            <= as_of.as_of_date,
            false
        ) as is_stale,
        evidence.observation_count >= {{ var('min_pairs') }} as is_sufficient,
        {{ downgrade_decision('evidence.retention_ratio') }} as decision,
        traffic.traffic_inference_count,
        coalesce(costs.eligible_call_count, 0) as eligible_call_count,
        coalesce(costs.unpriced_call_count, 0) as unpriced_call_count,
        {{ money('coalesce(costs.actual_cost_usd, 0)') }} as actual_cost_usd,
        {{ money('coalesce(costs.repriced_cost_usd, 0)') }} as repriced_cost_usd,
        {{ ratio('costs.actual_cost_usd', 'costs.repriced_cost_usd') }} as cost_multiple
    from evidence
    cross join as_of
    inner join traffic
        on evidence.use_case = traffic.use_case
        and evidence.expensive_model = traffic.expensive_model
        and evidence.cheap_model = traffic.cheap_model
    left join costs
        on evidence.use_case = costs.use_case
        and evidence.expensive_model = costs.expensive_model
        and evidence.cheap_model = costs.cheap_model

),

saved as (

    -- A month is 365 / 12 days; what the 28 days would have saved at every call is the whole of it.
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
            "case when evidence_method = 'paired' and decision = 'yes' and is_sufficient and not is_stale then "
            ~ shared_part(
                'actual_cost_usd - repriced_cost_usd',
                '365 * tolerating_count',
                '12 * ' ~ var('traffic_days') ~ ' * pair_count', 0
            ) ~ " else 0 end"
        ) }} as monthly_saving_usd,
        {{ money(
            "case when evidence_method = 'paired' and decision = 'yes' and is_sufficient and not is_stale then "
            ~ 'cast(' ~ ratio('365 * (actual_cost_usd - repriced_cost_usd)', '12 * ' ~ var('traffic_days')) ~ ' as decimal(22, 12))'
            ~ ' * cast(lower_ratio as decimal(15, 12)) else 0 end'
        ) }} as monthly_saving_lower_usd
    from judged

),

ranked as (

    -- A call is switched once: to the model that saves most.
    select
        *,
        row_number() over (
            partition by use_case, expensive_model
            order by monthly_saving_usd desc nulls last, tolerance_ratio desc nulls last, cheap_model asc nulls last
        ) as saving_rank
    from saved
    where evidence_method = 'paired'

),

overall_sums as (

    select
        cast(sum(pair_count) as bigint) as pair_count,
        cast(sum(tolerating_count) as bigint) as tolerating_count,
        {{ token_sum('traffic_inference_count') }} as traffic_inference_count,
        {{ token_sum('traffic_inference_count', "decision = 'yes'") }} as safe_traffic_inference_count,
        {% for bound in ['tolerance_ratio', 'lower_ratio', 'upper_ratio'] -%}
        cast(
            sum(cast(traffic_inference_count as decimal(18, 0)) * cast({{ bound }} as decimal(15, 12)))
            as decimal(28, 12)
        ) as weighted_{{ bound }},
        {% endfor -%}
        {{ token_sum('eligible_call_count', 'saving_rank = 1') }} as eligible_call_count,
        {{ token_sum('unpriced_call_count', 'saving_rank = 1') }} as unpriced_call_count,
        {{ cost_sum('actual_cost_usd', 'saving_rank = 1') }} as actual_cost_usd,
        {{ cost_sum('repriced_cost_usd', 'saving_rank = 1') }} as repriced_cost_usd,
        {{ cost_sum('monthly_saving_usd', 'saving_rank = 1 and monthly_saving_usd > 0') }} as monthly_saving_usd,
        {{ cost_sum('monthly_saving_lower_usd', 'saving_rank = 1 and monthly_saving_usd > 0') }}
            as monthly_saving_lower_usd,
        -- Evidence without traffic weighs nothing, and is asked for nothing.
        count(*) filter (where traffic_inference_count > 0 and is_stale) > 0 as is_stale,
        count(*) filter (where traffic_inference_count > 0 and is_sufficient) > 0
        and count(*) filter (where traffic_inference_count > 0 and not is_sufficient) = 0 as is_sufficient,
        max(last_evidence_date) as last_evidence_date
    from ranked
    having count(*) > 0

),

combined as (

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
        cast(null as decimal(28, 12)) as safe_traffic_ratio,
        decision,
        matrix_decision,
        last_evidence_date,
        is_stale,
        is_sufficient,
        monthly_saving_usd,
        monthly_saving_lower_usd
    from saved

    union all

    select
        'all' as use_case,
        'all' as expensive_model,
        'all' as cheap_model,
        'paired' as evidence_method,
        pair_count,
        tolerating_count,
        pair_count as observation_count,
        traffic_inference_count,
        eligible_call_count,
        unpriced_call_count,
        actual_cost_usd,
        repriced_cost_usd,
        {{ ratio('actual_cost_usd', 'repriced_cost_usd') }} as cost_multiple,
        {{ ratio('weighted_tolerance_ratio', 'traffic_inference_count') }} as tolerance_ratio,
        {{ ratio('weighted_lower_ratio', 'traffic_inference_count') }} as lower_ratio,
        {{ ratio('weighted_upper_ratio', 'traffic_inference_count') }} as upper_ratio,
        cast(null as decimal(28, 12)) as mean_expensive_score,
        cast(null as decimal(28, 12)) as mean_cheap_score,
        cast(null as decimal(28, 12)) as retention_ratio,
        cast(null as decimal(28, 12)) as quality_drop_ratio,
        cast(null as decimal(28, 12)) as score_difference,
        cast(null as decimal(28, 12)) as difference_lower,
        cast(null as decimal(28, 12)) as difference_upper,
        cast(null as boolean) as is_non_inferior,
        {{ ratio('safe_traffic_inference_count', 'traffic_inference_count') }} as safe_traffic_ratio,
        cast(null as string) as decision,
        cast(null as string) as matrix_decision,
        last_evidence_date,
        is_stale,
        is_sufficient,
        monthly_saving_usd,
        monthly_saving_lower_usd
    from overall_sums

),

final as (

    select
        combined.use_case,
        combined.expensive_model,
        combined.cheap_model,
        combined.evidence_method,
        combined.pair_count,
        combined.tolerating_count,
        combined.observation_count,
        combined.traffic_inference_count,
        combined.eligible_call_count,
        combined.unpriced_call_count,
        combined.actual_cost_usd,
        combined.repriced_cost_usd,
        combined.cost_multiple,
        combined.tolerance_ratio,
        combined.lower_ratio,
        combined.upper_ratio,
        combined.mean_expensive_score,
        combined.mean_cheap_score,
        combined.retention_ratio,
        combined.quality_drop_ratio,
        combined.score_difference,
        combined.difference_lower,
        combined.difference_upper,
        combined.is_non_inferior,
        combined.safe_traffic_ratio,
        cast(typical.low as decimal(28, 12)) as typical_low_ratio,
        cast(typical.high as decimal(28, 12)) as typical_high_ratio,
        cast(targets.target_value as decimal(28, 12)) as target_ratio,
        -- A target inside the interval is neither met nor missed.
        case
            when combined.lower_ratio is null or targets.target_value is null then 'no_data'
            when combined.lower_ratio > targets.target_value then 'met'
            when combined.upper_ratio < targets.target_value then 'missed'
            else 'undecided'
        end as verdict,
        combined.decision,
        combined.matrix_decision,
        combined.last_evidence_date,
        combined.is_stale,
        combined.is_sufficient,
        combined.monthly_saving_usd,
        combined.monthly_saving_lower_usd
    from combined
    left join targets
        on targets.metric = 'downgrade_tolerance'
    left join typical
        on combined.use_case = typical.band

)

select * from final
