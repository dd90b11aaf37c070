-- Billed, prepaid, tax and credit of a vendor are its invoices, to 0.000001 USD: what is not in the mart was not
-- billed. What is estimated is what the reconciliation says no bill covers, and the share of a month is of both.
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

),

uncovered as (

    select
        period_start_date,
        coalesce(resolved_provider, 'unattributed') as provider,
        {{ cost_sum('uncovered_computed_cost_usd') }} as estimated_cost_usd
    from {{ ref('bill_reconciliation_monthly') }}
    group by
        period_start_date,
        coalesce(resolved_provider, 'unattributed')

),

months as (

    select
        period_start_date,
        {{ cost_sum('billed_cost_usd + estimated_cost_usd') }} as cost_usd
    from {{ ref('vendor_spend_monthly') }}
    group by period_start_date

),

vendor_months as (

    select
        period_start_date,
        provider,
        {{ cost_sum('estimated_cost_usd') }} as estimated_cost_usd,
        {{ cost_sum('billed_cost_usd + estimated_cost_usd') }} as cost_usd,
        min(spend_share_ratio) as least_share_ratio,
        max(spend_share_ratio) as most_share_ratio
    from {{ ref('vendor_spend_monthly') }}
    group by
        period_start_date,
        provider

)

select
    coalesce(invoiced.provider, spend.provider) as provider,
    'invoiced' as claim,
    invoiced.invoiced_usd as expected,
    spend.invoiced_usd as actual
from invoiced
full outer join spend
    on invoiced.provider = spend.provider
where abs(coalesce(invoiced.invoiced_usd, 0) - coalesce(spend.invoiced_usd, 0)) > 0.000001

union all

select
    coalesce(uncovered.provider, vendor_months.provider) as provider,
    'estimated' as claim,
    uncovered.estimated_cost_usd as expected,
    vendor_months.estimated_cost_usd as actual
from uncovered
full outer join vendor_months
    on uncovered.period_start_date = vendor_months.period_start_date
    and uncovered.provider = vendor_months.provider
where coalesce(uncovered.estimated_cost_usd, 0) <> coalesce(vendor_months.estimated_cost_usd, 0)

union all

select
    vendor_months.provider,
    'share' as claim,
    {{ ratio('vendor_months.cost_usd', 'months.cost_usd') }} as expected,
    vendor_months.most_share_ratio as actual
from vendor_months
inner join months
    on vendor_months.period_start_date = months.period_start_date
where
    vendor_months.least_share_ratio is distinct from {{ ratio('vendor_months.cost_usd', 'months.cost_usd') }}
    or vendor_months.most_share_ratio is distinct from vendor_months.least_share_ratio
