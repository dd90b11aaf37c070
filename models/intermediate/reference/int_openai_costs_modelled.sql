-- OpenAI's costs with the model each is for, where the price book knows it. Training that a landed job of the month
-- stands for is skipped as `in_finetuning_jobs`: the job's cost is charged, the bill would be it a second time.
-- Grain: one row per landed row.
with

costs as (

    select * from {{ ref('stg_openai__costs') }}

),

known as (

    select model
    from {{ ref('stg_price_book__model_resolutions') }}
    where
        provider = 'openai'
        and book_model is not null

    union

    select model
    from {{ ref('stg_price_book__model_prices') }}
    where book_provider = 'openai'

),

job_months as (

    -- A job of nobody in particular may be OpenAI's (decisions.md, Fine-tuning).
    select distinct cast({{ dbt.date_trunc('month', 'jobs.completed_date') }} as date) as month_date
    from {{ ref('stg_canonical__finetuning_jobs') }} as jobs
    left join {{ ref('int_names_resolved') }} as names
        on jobs.provider = names.provider
        and jobs.model = names.model
        and jobs.completed_date >= names.valid_from_date
        and jobs.completed_date < names.valid_to_date
    where coalesce(names.resolved_provider, jobs.provider, 'openai') = 'openai'

),

final as (

    select
        costs.bill_id,
        costs.provider,
        costs.component,
        costs.kind,
        known.model,
        costs.currency,
        costs.line_item as description,
        costs.billed_amount,
        costs.period_from_date,
        costs.period_to_date,
        case
            when costs.skip_reason is not null then costs.skip_reason
            when costs.is_training and job_months.month_date is not null then 'in_finetuning_jobs'
        end as skip_reason,
        costs._load_id,
        costs._source_row
    from costs
    left join known
        on costs.line_item_model = known.model
    left join job_months
        on cast({{ dbt.date_trunc('month', 'costs.period_from_date') }} as date) = job_months.month_date

)

select * from final
