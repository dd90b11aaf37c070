-- Every cost, credit and tax line of the landed bills stands in the reconciliation, exactly: what is cost month by
-- month, what is not cost yet, and tax and credits of later months, in the month of as_of_date.
{% set amounts = ['recognised_usd', 'prepaid_usd', 'credit_usd', 'tax_usd'] %}
with

lines as (

    select
        least(
            lines.period_start_date, cast({{ dbt.date_trunc('month', 'as_of.as_of_date') }} as date)
        ) as period_start_date,
        {{ cost_sum('lines.recognised_usd') }} as recognised_usd,
        {{ cost_sum("case when lines.kind not in ('tax', 'credit') then lines.billed_usd - lines.recognised_usd end") }}
            as prepaid_usd,
        {{ cost_sum('lines.billed_usd', "lines.kind = 'credit'") }} as credit_usd,
        {{ cost_sum('lines.billed_usd', "lines.kind = 'tax'") }} as tax_usd
    from {{ ref('int_bill_lines_monthly') }} as lines
    cross join {{ ref('int_as_of_date') }} as as_of
    group by
        least(
            lines.period_start_date, cast({{ dbt.date_trunc('month', 'as_of.as_of_date') }} as date)
        )

),

reconciled as (

    select
        period_start_date,
        {{ cost_sum('recognised_cost_usd') }} as recognised_usd,
        {{ cost_sum('prepaid_usd') }} as prepaid_usd,
        {{ cost_sum('credit_usd') }} as credit_usd,
        {{ cost_sum('tax_usd') }} as tax_usd
    from {{ ref('bill_reconciliation_monthly') }}
    group by period_start_date

)

select
    coalesce(reconciled.period_start_date, lines.period_start_date) as period_start_date,
    lines.recognised_usd as lines_recognised_usd,
    reconciled.recognised_usd
from lines
full outer join reconciled
    on lines.period_start_date = reconciled.period_start_date
where
    {% for amount in amounts -%}
    {{ 'or ' if not loop.first }}coalesce(lines.{{ amount }}, 0) <> coalesce(reconciled.{{ amount }}, 0)
    {% endfor %}
