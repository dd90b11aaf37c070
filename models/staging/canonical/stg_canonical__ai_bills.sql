-- Vendors' invoice lines, the newest version of each.
-- Grain: one row per bill_id.
with

source as (

    select * from {{ source('raw', 'ai_bills') }}

),

renamed as (

    select

        ---------- ids
        bill_id,
        invoice_id,
        customer_id,

        ---------- strings
        lower(trim(provider)) as provider,
        component,
        kind,
        lower(trim(model)) as model_tag,
        trim(model) as model,
        feature,
        lower(trim(service_tier)) as service_tier,
        upper(currency) as currency,
        description,

        ---------- money, in the bill's currency
        {{ money('amount') }} as billed_amount,

        ---------- dates: the end is exclusive, and a line whose dates are equal is for that day
        period_start as period_from_date,
        case
            when period_end > period_start then period_end
            else cast({{ dbt.dateadd('day', 1, 'period_start') }} as date)
        end as period_to_date,

        ---------- versions: a correction arrives later under the same id
        row_number() over (
            partition by bill_id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

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
    period_to_date
from renamed
where version_rank = 1
