-- Tokens and deliveries of each use case by week, recomputed from the daily fact, beside the targets of its seed; the
-- use cases add up to `all`.
with

usage_rows as (

    select
        usage_daily.*,
        cast({{ dbt.date_trunc('week', 'usage_daily.usage_date') }} as date) as period_start_date
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where
        not customers.is_internal
        and usage_daily.call_count > 0

),

expected as (

    {% for use_case in ['use_case', "'all'"] -%}
    select
        period_start_date,
        {{ use_case }} as use_case,
        {{ token_sum('served_inference_count') }} as served_inference_count,
        {{ token_sum('productive_input_tokens') }} as productive_input_tokens,
        {{ token_sum('productive_output_tokens') }} as productive_output_tokens,
        {{ token_sum('productive_reasoning_tokens') }} as productive_reasoning_tokens,
        {{ token_sum('unproductive_tokens') }} as wasted_tokens
    from usage_rows
    group by
        period_start_date,
        {{ use_case }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

actual as (

    select * from {{ ref('prompt_efficiency_weekly') }}

)

select
    coalesce(expected.period_start_date, actual.period_start_date) as period_start_date,
    coalesce(expected.use_case, actual.use_case) as use_case
from expected
full outer join actual
    on expected.period_start_date = actual.period_start_date
    and expected.use_case = actual.use_case
left join {{ ref('token_targets') }} as targets
    on actual.use_case = targets.use_case
where
    coalesce(expected.period_start_date, actual.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        {% for bound in ['input_low', 'input_high', 'output_low', 'output_high'] -%}
        {{ 'or ' if not loop.first }}actual.{{ bound }} is distinct from targets.{{ bound }}
        {% endfor -%}
        {% for measure in [
            'served_inference_count', 'productive_input_tokens', 'productive_output_tokens', 'productive_reasoning_tokens',
            'wasted_tokens',
        ] -%}
        or expected.{{ measure }} is distinct from actual.{{ measure }}
        {% endfor %}
    )
