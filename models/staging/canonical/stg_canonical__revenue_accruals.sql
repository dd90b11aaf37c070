-- Service used and not invoiced yet, the newest version of each accrual.
-- Grain: one row per accrual_id.
with

source as (

    select * from {{ source('raw', 'revenue_accruals') }}

),

identified as (

    select
        *,
        coalesce(
            accrual_id,
            customer_id || '|' || coalesce(product_id, '') || '|' || cast(period_start as string) || '|' || upper(currency)
        ) as resolved_accrual_id
    from source

),

ranked as (

    select
        *,
        row_number() over (
            partition by resolved_accrual_id
            order by updated_at desc nulls last, _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from identified

)

select
    resolved_accrual_id as accrual_id,
    customer_id,
    product_id,
    upper(currency) as currency,
    period_start as service_start_at,
    period_end as service_end_at,
    {{ money('amount') }} as accrued_amount
from ranked
where version_rank = 1
