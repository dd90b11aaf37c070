-- What each successful inference on a fine-tuned model pays for its training.
-- Grain: one row per job_id and call_id that pays.
-- The rate is charged by (time, call_id) until the cost is used up; the last expected inference pays the rest.
{{ config(materialized='table') }}
with

jobs as (

    select * from {{ ref('int_finetuning_jobs_priced') }}

),

calls as (

    select * from {{ ref('int_calls_priced') }}

),

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

aliases as (

    select
        -- As the calls say it: who sells the model, where the log does not.
        {{ dimension_word("coalesce(nullif(provider, ''), resolved_provider)") }} as provider,
        model,
        named_model,
        valid_from_date,
        valid_to_date
    from {{ ref('int_names_resolved') }}
    where named_model <> model

),

-- Names first: matching every call with every job would read history once per job.
names as (

    select distinct
        jobs.job_id,
        usage_rows.utc_date,
        usage_rows.provider,
        usage_rows.model,
        usage_rows.resolved_model
    from usage_rows
    left join aliases
        on usage_rows.model = aliases.model
        and usage_rows.provider = aliases.provider
        and usage_rows.utc_date >= aliases.valid_from_date
        and usage_rows.utc_date < aliases.valid_to_date
    inner join jobs
        on usage_rows.utc_date >= jobs.from_date
        and usage_rows.utc_date < jobs.to_date
        and (
            {{ model_tag('usage_rows.model') }} in (jobs.model_tag, jobs.trained_model_tag)
            or {{ model_tag('usage_rows.resolved_model') }} in (jobs.model_tag, jobs.trained_model_tag)
            or {{ model_tag('aliases.named_model') }} in (jobs.model_tag, jobs.trained_model_tag)
        )

),

ranked as (

    select
        jobs.job_id,
        calls.call_id,
        calls.usage_date,
        calls.utc_date,
        {% for dimension in usage_row_dimensions() -%}
        calls.{{ dimension }},
        {% endfor -%}
        jobs.expected_inference_count,
        jobs.job_cost_usd,
        jobs.rate_usd,
        cast(row_number() over (
            partition by jobs.job_id
            order by calls.requested_at asc nulls last, calls.call_id asc nulls last
        ) as bigint) as inference_rank
    from calls
    inner join names
        on calls.utc_date = names.utc_date
        and calls.provider = names.provider
        and calls.model = names.model
        and calls.resolved_model = names.resolved_model
    inner join jobs
        on names.job_id = jobs.job_id
    where calls.is_successful

),

charged as (

    select
        *,
        {{ money('job_cost_usd - cast(inference_rank - 1 as decimal(12, 0)) * cast(rate_usd as decimal(24, 12))') }}
            as open_cost_usd
    from ranked
    where inference_rank <= expected_inference_count

),

final as (

    select
        job_id,
        call_id,
        usage_date,
        utc_date,
        {% for dimension in usage_row_dimensions() -%}
        {{ dimension }},
        {% endfor -%}
        inference_rank,
        {{ money(
            'case when inference_rank = expected_inference_count then open_cost_usd else least(rate_usd, open_cost_usd) end'
        ) }} as fine_tuning_cost_usd
    from charged
    where open_cost_usd > 0

)

select * from final
