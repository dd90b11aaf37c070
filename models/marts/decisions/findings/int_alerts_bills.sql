-- Invoices that do not tie with the calls they are for.
-- Grain: one row per resolved_provider, component and model_tag whose newest complete month with a bill does not tie.
-- A month without a bill is no finding, and does not hide the month before it.
with

bills as (

    select
        reconciliation.*,
        kinds.kind,
        cast(coalesce(kinds.threshold, {{ var('true_up_tolerance_ratio') }}) as decimal(28, 12)) as threshold,
        abs({{ ratio(
            'coalesce(reconciliation.variance_usd, reconciliation.recognised_cost_usd)',
            'reconciliation.recognised_cost_usd'
        ) }}) as variance_ratio,
        max(reconciliation.period_start_date) over (
            partition by
                reconciliation.resolved_provider, reconciliation.component, reconciliation.model_tag
        ) as last_month_date
    from {{ ref('bill_reconciliation_monthly') }} as reconciliation
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'invoice_untied'
            and kinds.is_on
    where
        reconciliation.is_complete
        and reconciliation.variance_class <> 'no_bill'

),

untied as (

    select
        *,
        {{ unbroken_run('period_start_date', 'month', ['resolved_provider', 'component', 'model_tag']) }} as run_number
    from bills
    where
        variance_class in ('no_usage', 'usage_gap', 'unexplained', 'price_difference')
        -- A bill of 0 beside calls that cost something has no ratio, and does not tie.
        and coalesce(variance_ratio > threshold, true)

),

dated as (

    select
        *,
        min(period_start_date) over (
            partition by resolved_provider, component, model_tag, run_number
        ) as since_date
    from untied

),

final as (

    select
        kind,
        'bill' as subject_kind,
        {{ subject_of(['resolved_provider', 'component', 'model_tag']) }} as subject,
        since_date,
        {{ money('variance_ratio') }} as value,
        threshold,
        'ratio' as unit,
        {{ money('abs(coalesce(variance_usd, recognised_cost_usd))') }} as dollars_usd
    from dated
    where period_start_date = last_month_date

)

select * from final
