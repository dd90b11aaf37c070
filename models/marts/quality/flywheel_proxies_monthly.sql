-- Signs that the product learns from its users, between releases.
-- Grain: one row per period_start_date. Both sides of each ratio stand beside it; add them up before dividing again.
-- decisions.md, Data flywheel.
with

feedback as (

    select * from {{ ref('int_feedback_attributed') }}
    where not is_internal

),

outcomes as (

    select * from {{ ref('int_outcomes_attributed') }}
    where not is_internal

),

evaluations as (

    select * from {{ ref('int_evaluations_scored') }}
    where method = 'side_by_side'

),

inferences as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        {{ token_sum('usage_daily.inference_count') }} as inference_count
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where
        not customers.is_internal
        -- Billed money that no call carries makes no month of use.
        and usage_daily.call_count > 0
    group by cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date)

),

feedback_monthly as (

    -- A request is counted once, however often its user presses the button; a signal about none in particular is one.
    select
        cast({{ dbt.date_trunc('month', 'created_date') }} as date) as period_start_date,
        count(distinct case when kind in ('thumbs_up', 'thumbs_down') then coalesce(request_id, feedback_id) end)
            as rated_inference_count,
        count(distinct case when kind = 'retry' then coalesce(request_id, feedback_id) end) as retried_inference_count,
        count(*) filter (where kind = 'thumbs_up') as thumbs_up_count,
        count(*) filter (where kind = 'thumbs_down') as thumbs_down_count
    from feedback
    group by cast({{ dbt.date_trunc('month', 'created_date') }} as date)

),

outcomes_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'resolved_date') }} as date) as period_start_date,
        count(*) as outcome_count,
        count(*) filter (where outcome = 'completed') as completed_outcome_count
    from outcomes
    group by cast({{ dbt.date_trunc('month', 'resolved_date') }} as date)

),

preferences_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'evaluated_date') }} as date) as period_start_date,
        count(*) as comparison_count,
        count(*) filter (where is_cheap_preferred) as win_count,
        count(*) filter (where is_tie) as tie_count
    from evaluations
    group by cast({{ dbt.date_trunc('month', 'evaluated_date') }} as date)

),

months as (

    select period_start_date from inferences
    union
    select period_start_date from feedback_monthly
    union
    select period_start_date from outcomes_monthly
    union
    select period_start_date from preferences_monthly

),

final as (

    select
        months.period_start_date,
        coalesce(inferences.inference_count, 0) as inference_count,
        coalesce(preferences_monthly.comparison_count, 0) as comparison_count,
        coalesce(preferences_monthly.win_count, 0) as win_count,
        coalesce(preferences_monthly.tie_count, 0) as tie_count,
        coalesce(outcomes_monthly.outcome_count, 0) as outcome_count,
        coalesce(outcomes_monthly.completed_outcome_count, 0) as completed_outcome_count,
        coalesce(feedback_monthly.retried_inference_count, 0) as retried_inference_count,
        coalesce(feedback_monthly.rated_inference_count, 0) as rated_inference_count,
        coalesce(feedback_monthly.thumbs_up_count, 0) as thumbs_up_count,
        coalesce(feedback_monthly.thumbs_down_count, 0) as thumbs_down_count,
        -- A tie is half a win.
        {{ ratio(
            '2 * preferences_monthly.win_count + preferences_monthly.tie_count', '2 * preferences_monthly.comparison_count'
        ) }} as preference_win_ratio,
        {{ ratio('outcomes_monthly.completed_outcome_count', 'outcomes_monthly.outcome_count') }}
            as task_completion_ratio,
        {{ ratio('coalesce(feedback_monthly.retried_inference_count, 0)', 'inferences.inference_count') }}
            as retry_ratio,
        {{ ratio('coalesce(feedback_monthly.rated_inference_count, 0)', 'inferences.inference_count') }}
            as feedback_ratio,
        {{ ratio(
            'feedback_monthly.thumbs_up_count', 'feedback_monthly.thumbs_up_count + feedback_monthly.thumbs_down_count'
        ) }} as satisfaction_ratio,
        {{ is_complete('months.period_start_date', 'month') }} as is_complete
    from months
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on months.period_start_date <= as_of.as_of_date
    {%- for relation in ['inferences', 'feedback_monthly', 'outcomes_monthly', 'preferences_monthly'] %}
    left join {{ relation }}
        on months.period_start_date = {{ relation }}.period_start_date
    {%- endfor %}

)

select * from final
