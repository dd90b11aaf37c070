-- Billed, prepaid, tax and credit of a vendor are its invoices, to 0.000001 USD: what is not in the mart was not
-- billed.
with

invoiced as (

    select
        coalesce(provider, 'unattributed') as provider,
        {{ cost_sum('billed_usd') }} as invoiced_usd
    from {{ ref('int_bill_lines_monthly') }}
    where billed_usd is not null
    group by coalesce(provider, 'unattributed')

),

spend as (

    select
        provider,
        {{ cost_sum('invoiced_usd') }} as invoiced_usd
    from {{ ref('vendor_spend_monthly') }}
    group by provider

)

select
    coalesce(invoiced.provider, spend.provider) as provider,
    invoiced.invoiced_usd,
    spend.invoiced_usd as spend_usd
from invoiced
full outer join spend
    on invoiced.provider = spend.provider
where abs(coalesce(invoiced.invoiced_usd, 0) - coalesce(spend.invoiced_usd, 0)) > 0.000001
