-- What each vendor bills, and what is estimated for days that no bill covers.
-- Grain: one row per period_start_date (UTC month), provider as invoiced and component.
-- billed + prepaid + tax + credit = the invoices. What is billed for days after as_of_date is prepaid; it stands in the
-- month of as_of_date, as do the tax and credits of later months. decisions.md, Vendor spend.
with

as_of as (

    select
        as_of_date,
        cast({{ dbt.dateadd('day', 1, 'as_of_date') }} as date) as next_date,
        cast({{ dbt.date_trunc('month', 'as_of_date') }} as date) as month_date
    from {{ ref('int_as_of_date') }}

),

lines as (

    select
        lines.provider,
        lines.component,
        lines.kind,
        lines.is_cost,
        lines.billed_usd,
        lines.day_count,
        least(lines.period_start_date, as_of.month_date) as period_start_date,
        {{ dbt.datediff(
            'lines.from_date', 'least(lines.to_date, greatest(lines.from_date, as_of.next_date))', 'day'
        ) }} as recognised_day_count
    from {{ ref('int_bill_lines_monthly') }} as lines
    cross join as_of

),

recognised as (

    select
        *,
        {{ shared_part('billed_usd', 'recognised_day_count', 'day_count') }} as recognised_usd
    from lines

),

spent as (

    select
        period_start_date,
        provider,
        component,
        {{ money('case when is_cost then recognised_usd else 0 end') }} as billed_cost_usd,
        {{ money('0') }} as estimated_cost_usd,
        {{ money("case when kind = 'tax' then billed_usd else 0 end") }} as tax_usd,
        {{ money("case when kind = 'credit' then billed_usd else 0 end") }} as credit_usd,
        {{ money('case when is_cost then billed_usd - recognised_usd else 0 end') }} as prepaid_usd
    from recognised

    union all

    select
        period_start_date,
        resolved_provider as provider,
        component,
        {{ money('0') }} as billed_cost_usd,
        uncovered_computed_cost_usd as estimated_cost_usd,
        {{ money('0') }} as tax_usd,
        {{ money('0') }} as credit_usd,
        {{ money('0') }} as prepaid_usd
    from {{ ref('bill_reconciliation_monthly') }}
    where uncovered_computed_cost_usd <> 0

),

summed as (

    select
        period_start_date,
        coalesce(provider, 'unattributed') as provider,
        component,
        {{ cost_sum('billed_cost_usd') }} as billed_cost_usd,
        {{ cost_sum('estimated_cost_usd') }} as estimated_cost_usd,
        {{ cost_sum('tax_usd') }} as tax_usd,
        {{ cost_sum('credit_usd') }} as credit_usd,
        {{ cost_sum('prepaid_usd') }} as prepaid_usd
    from spent
    group by
        period_start_date,
        coalesce(provider, 'unattributed'),
        component

),

shared as (

    select
        *,
        {{ money(
            'sum(billed_cost_usd + estimated_cost_usd) over (partition by period_start_date, provider)'
        ) }} as provider_cost_usd,
        {{ money('sum(billed_cost_usd + estimated_cost_usd) over (partition by period_start_date)') }} as month_cost_usd
    from summed

),

final as (

    select
        shared.period_start_date,
        shared.provider,
        shared.component,
        shared.billed_cost_usd,
        shared.estimated_cost_usd,
        shared.tax_usd,
        shared.credit_usd,
        shared.prepaid_usd,
        {{ money('shared.billed_cost_usd + shared.prepaid_usd + shared.tax_usd + shared.credit_usd') }} as invoiced_usd,
        {{ ratio('shared.provider_cost_usd', 'shared.month_cost_usd') }} as spend_share_ratio,
        coalesce(last_day(shared.period_start_date) <= as_of.as_of_date, false) as is_complete
    from shared
    cross join as_of

)

select * from final
