-- Served inferences and their tokens by week, recomputed from single calls; and the use cases add up to `all`.
with

calls as (

    select
        cast({{ dbt.date_trunc('week', 'calls.usage_date') }} as date) as period_start_date,
        count(*) filter (where calls.is_successful and not calls.is_response_cache_hit) as served_inference_count,
        {{ token_sum(
            'calls.uncached_input_tokens + calls.cache_read_tokens + calls.cache_write_5m_tokens'
            ~ ' + calls.cache_write_1h_tokens + calls.output_tokens',
            'calls.is_successful and not calls.is_response_cache_hit'
        ) }} as productive_tokens
    from {{ ref('fct_inference_calls') }} as calls
    left join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    inner join {{ ref('int_as_of_date') }} as as_of
        on cast({{ dbt.date_trunc('week', 'calls.usage_date') }} as date) <= as_of.as_of_date
    where
        not customers.is_internal
        and {{ in_days_to_test('calls.usage_date', 'week') }}
    group by period_start_date

),

weeks as (

    select
        period_start_date,
        {{ token_sum('served_inference_count', "use_case = 'all'") }} as served_inference_count,
        {{ token_sum('productive_input_tokens + productive_output_tokens', "use_case = 'all'") }} as productive_tokens,
        {{ token_sum('productive_input_tokens + productive_output_tokens', "use_case <> 'all'") }}
            as use_cases_productive_tokens
    from {{ ref('prompt_efficiency_weekly') }}
    where {{ in_periods_to_test('period_start_date', 'week') }}
    group by period_start_date

)

select
    coalesce(calls.period_start_date, weeks.period_start_date) as period_start_date,
    calls.served_inference_count as expected_served_inference_count,
    weeks.served_inference_count,
    calls.productive_tokens as expected_productive_tokens,
    weeks.productive_tokens,
    weeks.use_cases_productive_tokens
from calls
full outer join weeks
    on calls.period_start_date = weeks.period_start_date
where
    calls.served_inference_count is distinct from weeks.served_inference_count
    or calls.productive_tokens is distinct from weeks.productive_tokens
    or calls.productive_tokens is distinct from weeks.use_cases_productive_tokens
