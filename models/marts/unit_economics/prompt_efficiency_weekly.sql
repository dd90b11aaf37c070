-- How many tokens a delivered inference takes, against the usual band of its use case.
-- Grain: one row per period_start_date (Monday) and use_case, and `all`.
-- Counts inferences a provider served: a response-cache hit replays tokens, it does not spend them.
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
        -- Billed money that no call carries has no tokens.
        and usage_daily.call_count > 0

),

targets as (

    select * from {{ ref('token_targets') }}

),

{% for name, expression in {'use_case': 'use_case', 'all': "'all'"}.items() %}
by_{{ name }} as (

    select
        period_start_date,
        {{ expression }} as use_case,
        {{ token_sum('served_inference_count') }} as served_inference_count,
        {{ token_sum('productive_input_tokens') }} as productive_input_tokens,
        {{ token_sum('productive_output_tokens') }} as productive_output_tokens,
        {{ token_sum('productive_reasoning_tokens') }} as productive_reasoning_tokens,
        {{ token_sum('unproductive_tokens') }} as wasted_tokens
    from usage_rows
    group by
        period_start_date,
        {{ expression }}

),

{% endfor %}
weeks as (

    select * from by_use_case
    union all
    select * from by_all

),

averaged as (

    select
        weeks.period_start_date,
        weeks.use_case,
        weeks.served_inference_count,
        weeks.productive_input_tokens,
        weeks.productive_output_tokens,
        weeks.productive_reasoning_tokens,
        weeks.wasted_tokens,
        {{ ratio('weeks.productive_input_tokens', 'weeks.served_inference_count') }} as avg_input_tokens,
        {{ ratio('weeks.productive_output_tokens', 'weeks.served_inference_count') }} as avg_output_tokens,
        {{ ratio('weeks.productive_input_tokens + weeks.productive_output_tokens', 'weeks.served_inference_count') }}
            as avg_total_tokens,
        {{ ratio(
            'weeks.productive_input_tokens + weeks.productive_output_tokens - weeks.productive_reasoning_tokens',
            'weeks.served_inference_count'
        ) }} as avg_total_tokens_excluding_reasoning,
        targets.input_low,
        targets.input_high,
        targets.output_low,
        targets.output_high
    from weeks
    left join targets
        on weeks.use_case = targets.use_case

),

begun as (

    -- No period after as_of_date has a row.
    select
        averaged.*,
        {{ is_complete('averaged.period_start_date', 'week') }} as is_complete
    from averaged
    inner join {{ ref('int_as_of_date') }} as as_of
        on averaged.period_start_date <= as_of.as_of_date

),

final as (

    select
        period_start_date,
        use_case,
        served_inference_count,
        productive_input_tokens,
        productive_output_tokens,
        productive_reasoning_tokens,
        wasted_tokens,
        avg_input_tokens,
        avg_output_tokens,
        avg_total_tokens,
        avg_total_tokens_excluding_reasoning,
        input_low,
        input_high,
        output_low,
        output_high,
        case
            when served_inference_count = 0 then 'no_data'
            when coalesce(input_low, input_high, output_low, output_high) is null then 'no_target'
            when avg_input_tokens > input_high or avg_output_tokens > output_high then 'above_target'
            when avg_input_tokens < input_low or avg_output_tokens < output_low then 'below_target'
            else 'on_target'
        end as status,
        is_complete
    from begun

)

select * from final
