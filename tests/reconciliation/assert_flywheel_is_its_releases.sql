-- Scores, users and bands of each row are those of its release, counted again on calls and read from the benchmarks.
with

releases as (

    select * from {{ ref('int_releases_scored') }}

),

active as (

    select distinct
        cast({{ dbt.date_trunc('month', 'calls.usage_date') }} as date) as month_start_date,
        calls.customer_id,
        calls.user_id
    from {{ ref('fct_inference_calls') }} as calls
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        calls.is_inference
        and not customers.is_internal
        and {{ in_days_to_test('calls.usage_date', 'month') }}

),

active_monthly as (

    select
        month_start_date,
        count(*) as active_user_count
    from active
    group by month_start_date

),

gains as (

    select
        now.release_id,
        {{ ratio(
            "sum(case when past.score_change > 0 and past.improvement_source = 'user_signal' then past.score_change else 0 end)",
            'sum(case when past.score_change > 0 then past.score_change else 0 end)'
        ) }} as user_signal_gain_ratio
    from releases as now
    inner join releases as past
        on past.release_number <= now.release_number
    group by now.release_id

),

healthy as (

    select * from {{ ref('benchmarks') }}
    where metric = 'flywheel_improvement_per_10k_users'

)

select flywheel.release_id
from {{ ref('data_flywheel') }} as flywheel
left join releases
    on flywheel.release_id = releases.release_id
left join active_monthly
    on cast({{ dbt.date_trunc('month', 'flywheel.released_date') }} as date) = active_monthly.month_start_date
left join gains
    on flywheel.release_id = gains.release_id
left join healthy
    on flywheel.stage = healthy.band
where
    flywheel.change_lower is distinct from cast(releases.score_change - releases.change_margin as decimal(28, 12))
    {%- for column in ['score', 'previous_score', 'score_change', 'users_added', 'release_cost_usd'] %}
    or flywheel.{{ column }} is distinct from releases.{{ column }}
    {%- endfor %}
    or flywheel.change_upper is distinct from cast(releases.score_change + releases.change_margin as decimal(28, 12))
    or (
        flywheel.active_user_count is distinct from coalesce(active_monthly.active_user_count, 0)
        and {{ in_periods_to_test('flywheel.released_date', 'month') }}
    )
    or flywheel.user_signal_gain_ratio is distinct from gains.user_signal_gain_ratio
    or flywheel.healthy_low_ratio is distinct from healthy.low
    or flywheel.healthy_high_ratio is distinct from healthy.high
