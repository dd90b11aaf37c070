-- The spend with a feature and with a team, recomputed from single calls; billed money that no call carries has a
-- feature only where its bill line is tagged with one, and never a team.
with

parts as (

    select
        costs.usage_date,
        calls.feature,
        calls.team,
        calls.customer_id,
        costs.ai_cost_usd
    from {{ ref('fct_inference_costs') }} as costs
    inner join {{ ref('fct_inference_calls') }} as calls
        on costs.usage_date = calls.usage_date
        and costs.call_id = calls.call_id
    where {{ in_days_to_test('costs.usage_date', 'month') }}

    union all

    select
        usage_date,
        feature,
        'unattributed' as team,
        customer_id,
        unattributed_cost_usd as ai_cost_usd
    from {{ ref('int_bills_unattributed_daily') }}
    where
        component <> 'other_cogs'
        and {{ in_days_to_test('usage_date', 'month') }}

),

expected as (

    select
        cast({{ dbt.date_trunc('month', 'parts.usage_date') }} as date) as period_start_date,
        {{ cost_sum('parts.ai_cost_usd', "parts.feature <> 'unattributed'") }} as with_feature_usd,
        {{ cost_sum('parts.ai_cost_usd', "parts.team <> 'unattributed'") }} as with_team_usd
    from parts
    left join {{ ref('dim_customers') }} as customers
        on parts.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date

),

coverage as (

    select
        period_start_date,
        {{ cost_sum('attributed_cost_usd', "dimension = 'feature'") }} as with_feature_usd,
        {{ cost_sum('attributed_cost_usd', "dimension = 'team'") }} as with_team_usd
    from {{ ref('attribution_coverage_monthly') }}
    where
        dimension in ('feature', 'team')
        and {{ in_periods_to_test('period_start_date', 'month') }}
    group by period_start_date

)

select
    coalesce(expected.period_start_date, coverage.period_start_date) as period_start_date,
    expected.with_feature_usd as expected_with_feature_usd,
    coverage.with_feature_usd,
    expected.with_team_usd as expected_with_team_usd,
    coverage.with_team_usd
from expected
full outer join coverage
    on expected.period_start_date = coverage.period_start_date
where
    coalesce(expected.period_start_date, coverage.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        (abs(expected.with_feature_usd - coverage.with_feature_usd) <= 0.000001) is not true
        or (abs(expected.with_team_usd - coverage.with_team_usd) <= 0.000001) is not true
    )
