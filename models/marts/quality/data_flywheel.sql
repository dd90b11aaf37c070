-- What each release gained in quality over the one before, for the users and the money that went into it.
-- Grain: one row per release_id, beside previous_release_id; the first release stands alone only while it is the only
-- one. decisions.md, Data flywheel.
-- Of a score that is not above 0 nothing is a part.
{% set positive_score = 'case when previous_score > 0 then previous_score end' %}
with

releases as (

    select * from {{ ref('int_releases_scored') }}

),

users as (

    select * from {{ ref('int_users_daily') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

benchmarks as (

    select * from {{ ref('benchmarks') }}

),

release_months as (

    select distinct cast({{ dbt.date_trunc('month', 'released_date') }} as date) as month_start_date
    from releases

),

-- A user is a user of one customer; a customer that logs no users counts as one.
active as (

    select distinct
        cast({{ dbt.date_trunc('month', 'users.usage_date') }} as date) as month_start_date,
        users.customer_id,
        users.user_id
    from users
    inner join customers
        on users.customer_id = customers.customer_id
    where
        users.inference_count > 0
        and not customers.is_internal

),

active_monthly as (

    select
        release_months.month_start_date,
        count(active.customer_id) as active_user_count
    from release_months
    left join active
        on release_months.month_start_date = active.month_start_date
    group by release_months.month_start_date

),

staged as (

    select
        releases.*,
        active_monthly.active_user_count,
        coalesce(stages.band, 'no_band') as stage
    from releases
    inner join active_monthly
        on cast({{ dbt.date_trunc('month', 'releases.released_date') }} as date) = active_monthly.month_start_date
    left join benchmarks as stages
        on stages.metric = 'flywheel_stage_users'
        and active_monthly.active_user_count >= coalesce(stages.low, 0)
        and (stages.high is null or active_monthly.active_user_count < stages.high)

),

gained as (

    select
        staged.*,
        cast(healthy.low as decimal(28, 12)) as healthy_low_ratio,
        cast(healthy.high as decimal(28, 12)) as healthy_high_ratio,
        cast(score_change - change_margin as decimal(28, 12)) as change_lower,
        cast(score_change + change_margin as decimal(28, 12)) as change_upper,
        {% for gains, condition in {
            'gains': 'score_change > 0',
            'user_signal_gains': "score_change > 0 and improvement_source = 'user_signal'",
        }.items() -%}
        cast(
            sum(case when {{ condition }} then score_change else 0 end) over (
                order by release_number asc nulls last
                rows between unbounded preceding and current row
            )
        as decimal(28, 12)) as {{ gains }}_so_far{{ ',' if not loop.last }}
        {% endfor %}
    from staged
    left join benchmarks as healthy
        on healthy.metric = 'flywheel_improvement_per_10k_users'
        and staged.stage = healthy.band

),

final as (

    select
        release_id,
        coalesce(previous_release_id, 'none') as previous_release_id,
        released_date,
        coalesce(improvement_source, 'unattributed') as improvement_source,
        stage,
        active_user_count,
        users_added,
        score,
        previous_score,
        score_change,
        change_lower,
        change_upper,
        {{ ratio('score_change', positive_score) }} as improvement_ratio,
        {{ ratio('score_change * 10000', '(' ~ positive_score ~ ') * users_added') }} as improvement_per_10k_users_ratio,
        {{ ratio('change_lower * 10000', '(' ~ positive_score ~ ') * users_added') }} as improvement_per_10k_users_lower_ratio,
        {{ ratio('change_upper * 10000', '(' ~ positive_score ~ ') * users_added') }} as improvement_per_10k_users_upper_ratio,
        healthy_low_ratio,
        healthy_high_ratio,
        release_cost_usd,
        case when score_change > 0 then {{ ratio('release_cost_usd', 'score_change') }} end as usd_per_quality_point,
        case when release_cost_usd > 0 then {{ ratio('score_change', 'release_cost_usd') }} end
            as quality_points_per_usd,
        {{ ratio('user_signal_gains_so_far', 'gains_so_far') }} as user_signal_gain_ratio,
        {{ change_status('change_lower', 'change_upper') }} as status
    from gained
    where
        release_number > 1
        or release_count = 1

)

select * from final
