-- Every cost, credit and tax line of the landed bills stands in the reconciliation, month by month, exactly.
with

lines as (

    select
        period_start_date,
        {{ cost_sum('billed_usd', "kind not in ('tax', 'credit')") }} as billed_usd,
        {{ cost_sum('billed_usd', "kind = 'credit'") }} as credit_usd,
        {{ cost_sum('billed_usd', "kind = 'tax'") }} as tax_usd
    from {{ ref('int_bill_lines_monthly') }}
    group by period_start_date

),

reconciled as (

    select
        period_start_date,
        {{ cost_sum('billed_cost_usd') }} as billed_usd,
        {{ cost_sum('credit_usd') }} as credit_usd,
        {{ cost_sum('tax_usd') }} as tax_usd
    from {{ ref('bill_reconciliation_monthly') }}
    group by period_start_date

)

select
    reconciled.period_start_date,
    lines.billed_usd as lines_billed_usd,
    reconciled.billed_usd
from lines
full outer join reconciled
    on lines.period_start_date = reconciled.period_start_date
where
    coalesce(lines.billed_usd, 0) <> coalesce(reconciled.billed_usd, 0)
    or coalesce(lines.credit_usd, 0) <> coalesce(reconciled.credit_usd, 0)
    or coalesce(lines.tax_usd, 0) <> coalesce(reconciled.tax_usd, 0)
