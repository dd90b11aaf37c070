-- Bills of a provider and month that came from two sources and differ by more than 0.5 %, in the same currency: the one
-- by bill_source_priority is used, and one of them is wrong or incomplete. A warning, because both are somebody else's.
-- What each report is known to leave out stands in the seed known_feed_gaps. Tax and credits are not compared, nor
-- lines over several months.
{{ config(severity='warn') }}
with

billed as (

    select
        months.resolved_provider,
        months.period_start_date,
        months.source_name,
        months.is_bill,
        bills.currency,
        {{ cost_sum('bills.billed_amount') }} as billed_amount
    from {{ ref('int_bill_months_chosen') }} as months
    inner join {{ ref('int_bills_landed') }} as bills
        on months.bill_id = bills.bill_id
    where
        bills.kind in ('usage', 'commitment', 'adjustment')
        and bills.period_to_date
        <= cast({{ dbt.dateadd('month', 1, dbt.date_trunc('month', 'bills.period_from_date')) }} as date)
    group by
        months.resolved_provider,
        months.period_start_date,
        months.source_name,
        months.is_bill,
        bills.currency

)

select
    chosen.resolved_provider,
    chosen.period_start_date,
    chosen.currency,
    chosen.source_name as bill_source_name,
    chosen.billed_amount as bill_amount,
    compared.source_name as compared_source_name,
    compared.billed_amount as compared_amount
from billed as chosen
inner join billed as compared
    on chosen.resolved_provider = compared.resolved_provider
    and chosen.period_start_date = compared.period_start_date
    and chosen.currency = compared.currency
where
    chosen.is_bill
    and not compared.is_bill
    and abs(chosen.billed_amount - compared.billed_amount) > 0.005 * abs(chosen.billed_amount)
