-- The share of spend with a feature and with a team, recomputed from single calls.
with

calls as (

    select
        cast({{ dbt.date_trunc('month', 'calls.usage_date') }} as date) as period_start_date,
        {{ cost_sum('calls.computed_cost_usd', "calls.feature <> 'unattributed'") }} as with_feature_usd,
        {{ cost_sum('calls.computed_cost_usd', "calls.team <> 'unattributed'") }} as with_team_usd
    from {{ ref('fct_inference_calls') }} as calls
    left join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date

),

coverage as (

    select
        period_start_date,
        {{ cost_sum('attributed_cost_usd', "dimension = 'feature'") }} as with_feature_usd,
        {{ cost_sum('attributed_cost_usd', "dimension = 'team'") }} as with_team_usd
    from {{ ref('attribution_coverage_monthly') }}
    where dimension in ('feature', 'team')
    group by period_start_date

)

select
    coalesce(calls.period_start_date, coverage.period_start_date) as period_start_date,
    calls.with_feature_usd as expected_with_feature_usd,
    coverage.with_feature_usd,
    calls.with_team_usd as expected_with_team_usd,
    coverage.with_team_usd
from calls
full outer join coverage
    on calls.period_start_date = coverage.period_start_date
where
    calls.with_feature_usd is distinct from coverage.with_feature_usd
    or calls.with_team_usd is distinct from coverage.with_team_usd
