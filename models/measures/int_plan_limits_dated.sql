-- What each plan costs and allows a month, as the seed plan_limits says, with the days on which a version is in force.
-- Grain: one row per plan_key, feature and valid_from_date. Join with lower(trim(plan)) and a day in the version's.
with

limits as (

    select
        lower(trim(plan)) as plan_key,
        coalesce(nullif(trim(feature), ''), 'all') as feature,
        coalesce(valid_from_date, cast('0001-01-01' as date)) as valid_from_date,
        monthly_price_usd,
        soft_limit_tokens,
        hard_limit_tokens,
        soft_limit_usd,
        hard_limit_usd
    from {{ ref('plan_limits') }}

),

final as (

    select
        plan_key,
        feature,
        valid_from_date,
        lead(valid_from_date) over (partition by plan_key, feature order by valid_from_date asc nulls last)
            as valid_to_date,
        {{ money('monthly_price_usd') }} as monthly_price_usd,
        soft_limit_tokens,
        hard_limit_tokens,
        {{ money('soft_limit_usd') }} as soft_limit_usd,
        {{ money('hard_limit_usd') }} as hard_limit_usd,
        coalesce(soft_limit_tokens, hard_limit_tokens) is not null
        or coalesce(soft_limit_usd, hard_limit_usd) is not null as is_limited
    from limits

)

select * from final
