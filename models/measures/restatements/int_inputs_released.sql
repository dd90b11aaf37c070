-- What the costs of this build are made of beside the calls, as fingerprints: publishing keeps it (published_inputs).
-- Grain: one row per input_kind, input_key and input_part (daily window and context tier of a price).
-- Kinds: `price` (negotiated price of a model name and day), `model_name` (what that name is resolved to), `bill` (a
-- cost line or training job in its own currency, or the provider's own token count), `fx` (the same in USD), `crm` (the
-- customer another account or a workspace stands for). Fingerprints are the same text on both engines.
-- cost_pool is what an input moves beside the price of a call: the true-up of a provider, or a component.
{{ config(materialized='table') }}
{% set settings = [var('max_true_up_factor'), var('true_up_tolerance_ratio'), var('usage_gap_ratio')] %}
with

named as (

    select
        *,
        {{ price_key('prices') }} as input_key,
        'priced|' || {{ dimension_word("coalesce(resolved_provider, nullif(provider, ''))") }} as cost_pool,
        cast({{ dbt.date_trunc('month', 'utc_date') }} as date) as period_start_date
    from {{ ref('int_prices_daily') }} as prices

),

billed as (

    select
        lines.line_id as input_key,
        lines.currency,
        lines.billed_usd,
        case
            when lines.component in ('llm_api', 'embedding') then 'priced|' || lines.resolved_provider
            else lines.component
        end as cost_pool,
        lines.period_start_date,
        -- The tag as written: a merge is no new bill. The settings of the true-up count as a part of its bills.
        {% for column in [
            'lines.component', 'lines.kind', 'lines.provider', 'lower(lines.model)', 'lines.feature', 'lines.currency'
        ] -%}
        coalesce({{ column }}, '') || '|'
        || {% endfor -%}
        coalesce(bills.customer_id, '') || '|' || cast(lines.from_date as string) || '|'
        || cast(lines.to_date as string) || '|' || cast(lines.billed_amount as string)
        || case when lines.component in ('llm_api', 'embedding') then '|{{ settings | join("|") }}' else '' end as fingerprint
    from {{ ref('int_bill_lines_monthly') }} as lines
    inner join {{ ref('int_bills_landed') }} as bills
        on lines.bill_id = bills.bill_id
    where lines.is_cost and lines.component <> 'other_cogs'

    union all

    select
        'job|' || jobs.job_id as input_key,
        jobs.currency,
        jobs_priced.job_cost_usd as billed_usd,
        'fine_tuning' as cost_pool,
        jobs_priced.period_start_date,
        coalesce(jobs.provider, '') || '|' || jobs.model || '|' || jobs.currency || '|'
        || cast(jobs.job_amount as string) || '|' || cast(jobs_priced.from_date as string) || '|'
        || cast(jobs_priced.to_date as string) || '|' || cast(jobs.expected_inference_count as string) as fingerprint
    from {{ ref('stg_canonical__finetuning_jobs') }} as jobs
    inner join {{ ref('int_finetuning_jobs_priced') }} as jobs_priced
        on jobs.job_id = jobs_priced.job_id

),

final as (

    select
        'price' as input_kind,
        input_key,
        cast(from_second as string) || '|' || cast(input_tokens_from as string) as input_part,
        cost_pool,
        model,
        period_start_date,
        -- One type for all: where no digit stands before the point, the engines write 0 differently.
        md5(
            {% for price in token_prices() -%}
            coalesce(cast(cast({{ price }} as decimal(28, 21)) as string), '') || '|'
            || coalesce(cast(cast({{ price }}_rest as decimal(28, 21)) as string), '') || '|'
            || {% endfor -%}
            coalesce(cast(web_search_usd as string), '') || '|' || coalesce(cast(request_usd as string), '') || '|'
            || case when has_price then 'priced' else 'unpriced' end || '|'
            || case when is_self_hosted then 'self_hosted' else 'bought' end
        ) as fingerprint
    from named

    union all

    select distinct
        'model_name' as input_kind,
        input_key,
        '' as input_part,
        cost_pool,
        model,
        period_start_date,
        coalesce(resolved_provider, '') || '|' || coalesce(resolved_model, '') as fingerprint
    from named

    union all

    select
        'bill' as input_kind,
        input_key,
        '' as input_part,
        cost_pool,
        '' as model,
        period_start_date,
        fingerprint
    from billed

    union all

    select
        'bill' as input_kind,
        'usage_report|' || cast(period_start_date as string) || '|' || model_tag as input_key,
        resolved_provider as input_part,
        'priced|' || resolved_provider as cost_pool,
        '' as model,
        period_start_date,
        cast(reported_tokens as string) as fingerprint
    from {{ ref('int_provider_usage_monthly') }}

    union all

    select
        'fx' as input_kind,
        input_key,
        '' as input_part,
        cost_pool,
        '' as model,
        period_start_date,
        coalesce(cast(billed_usd as string), '') as fingerprint
    from billed
    where currency <> 'USD'

    union all

    select
        'crm' as input_kind,
        reference_key as input_key,
        reference_kind as input_part,
        '' as cost_pool,
        '' as model,
        cast(null as date) as period_start_date,
        fingerprint
    from {{ ref('int_references') }}
    where reference_kind in ('customer', 'workspace')

)

select * from final
