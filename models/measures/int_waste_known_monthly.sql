-- Which kinds of waste a month's log can tell: a repeat needs prompt hashes, an oversize context a use case with a band.
-- Grain: one row per period_start_date with calls, internal use aside.
with

prompts_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'users.usage_date') }} as date) as period_start_date,
        sum(users.hashed_prompt_count) > 0 as has_repeat
    from {{ ref('int_users_daily') }} as users
    inner join {{ ref('dim_customers') }} as customers
        on users.customer_id = customers.customer_id
    where not customers.is_internal
    group by cast({{ dbt.date_trunc('month', 'users.usage_date') }} as date)

),

banded_monthly as (

    select cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    inner join {{ ref('token_targets') }} as targets
        on usage_daily.use_case = targets.use_case
    where
        not customers.is_internal
        and usage_daily.call_count > 0
        and targets.input_high is not null
    group by cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date)

),

final as (

    select
        prompts_monthly.period_start_date,
        prompts_monthly.has_repeat,
        banded_monthly.period_start_date is not null as has_oversize_context
    from prompts_monthly
    left join banded_monthly
        on prompts_monthly.period_start_date = banded_monthly.period_start_date

)

select * from final
