-- The seam for bills: every bill line of every source, in the same columns; all else reads bills from here.
-- Grain: one row per bill_id. Skipped rows are left out, and counted with their reason in landed_rows_monthly.
-- The same dollars may be here from several sources: int_bill_months_chosen picks the one that is the bill.
{{ config(materialized='table', contract={'enforced': true}) }}
with

final as (

    select
        bill_id,
        invoice_id,
        customer_id,
        provider,
        component,
        kind,
        model_tag,
        model,
        feature,
        service_tier,
        currency,
        description,
        billed_amount,
        period_from_date,
        period_to_date,
        'ai_bills' as source_name
    from {{ ref('stg_canonical__ai_bills') }}

    union all

    select
        bill_id,
        invoice_id,
        customer_id,
        provider,
        component,
        kind,
        lower(model) as model_tag,
        model,
        feature,
        cast(null as string) as service_tier,
        currency,
        description,
        billed_amount,
        period_from_date,
        period_to_date,
        'focus_charges' as source_name
    from {{ ref('int_focus_charges_scoped') }}
    where skip_reason is null

    union all

    select
        bill_id,
        cast(null as string) as invoice_id,
        cast(null as string) as customer_id,
        provider,
        component,
        kind,
        lower(model) as model_tag,
        model,
        cast(null as string) as feature,
        cast(null as string) as service_tier,
        currency,
        description,
        billed_amount,
        period_from_date,
        period_to_date,
        'openai_costs' as source_name
    from {{ ref('int_openai_costs_modelled') }}
    where skip_reason is null

    union all

    select
        bill_id,
        cast(null as string) as invoice_id,
        cast(null as string) as customer_id,
        provider,
        component,
        kind,
        lower(model) as model_tag,
        model,
        cast(null as string) as feature,
        service_tier,
        currency,
        description,
        billed_amount,
        period_from_date,
        period_to_date,
        'anthropic_cost_report' as source_name
    from {{ ref('stg_anthropic__costs') }}
    where skip_reason is null

)

select * from final
