-- Which part of a vendor's invoice is one customer's?
--
-- Parameters: provider, in the price book's spelling (the vendor with the highest cost of the month), customer_id (the
-- one with the highest AI cost), month, any day of it (the last complete month).
-- Read it: a row is a part of the vendor's month. `priced calls` are its calls, trued up to what it billed (days
-- without a bill at computed prices). Other components are shared bills: the customer's part of the component, whoever
-- billed it, applied to this vendor's bill, which is exact where one vendor bills the component or no line is tagged.
-- Traps: the ai_cost_usd of a provider in cost_per_inference is not its invoice: shares of other vendors' bills ride on
-- its calls. Tax and credits are no cost and not in here. Bills are UTC months: in another reporting time zone the
-- calls of the last hours fall into the next month. Training is charged to later use, not to its month: no share.
with

months as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

vendor_parts as (

    select
        bills.resolved_provider,
        case when bills.component in ('llm_api', 'embedding') then 'priced calls' else bills.component end as part,
        sum(bills.recognised_cost_usd) as billed_cost_usd,
        sum(coalesce(bills.uncovered_computed_cost_usd, 0)) as estimated_cost_usd
    from marts.bill_reconciliation_monthly as bills
    inner join months
        on bills.period_start_date = months.month_date
    group by
        bills.resolved_provider,
        case when bills.component in ('llm_api', 'embedding') then 'priced calls' else bills.component end

),

vendors as (

    select
        resolved_provider,
        sum(billed_cost_usd + estimated_cost_usd) as cost_usd
    from vendor_parts
    group by resolved_provider

),

params as (

    select
        months.month_date,
        coalesce(
            cast(getvariable('provider') as varchar), (select max_by(resolved_provider, cost_usd) from vendors)
        ) as provider,
        coalesce(
            cast(getvariable('customer_id') as varchar), max_by(margins.customer_id, margins.ai_cost_usd)
        ) as customer_id
    from months
    left join marts.customer_margins_monthly as margins
        on months.month_date = margins.period_start_date and margins.customer_id not in ('unattributed', 'internal')
    group by months.month_date

),

usage_rows as (

    select
        usage_daily.*,
        params.provider as asked_provider
    from marts.fct_usage_daily as usage_daily
    inner join params
        on params.month_date = date_trunc('month', usage_daily.usage_date)

),

usage_cost_columns as (

    select
        customer_id,
        columns('_cost_usd$')
    from usage_rows

),

-- A cost by the name of its column, which is that of its bills.
usage_costs as (

    select
        customer_id,
        replace(cost_name, '_cost_usd', '') as part,
        cost_usd
    from usage_cost_columns
    unpivot (cost_usd for cost_name in (columns(* exclude (customer_id))))

),

carried as (

    select
        customer_id,
        'priced calls' as part,
        llm_api_cost_usd + prompt_cache_cost_usd + embedding_cost_usd as cost_usd
    from usage_rows
    where resolved_provider = asked_provider

    union all

    select
        customer_id,
        part,
        cost_usd
    from usage_costs
    where part <> 'fine_tuning'

    union all

    select
        margins.customer_id,
        'other_cogs' as part,
        margins.other_cogs_usd as cost_usd
    from marts.customer_margins_monthly as margins
    inner join params
        on margins.period_start_date = params.month_date

),

shares as (

    select
        carried.part,
        sum(carried.cost_usd) as everyones_cost_usd,
        sum(case when carried.customer_id = params.customer_id then carried.cost_usd else 0 end) as customers_cost_usd,
        sum(case when carried.customer_id = 'unattributed' then carried.cost_usd else 0 end) as nobodys_cost_usd
    from carried
    cross join params
    group by carried.part

)

select
    cast(params.month_date as date) as month_date,
    vendor_parts.resolved_provider,
    vendor_parts.part,
    params.customer_id,
    round(vendor_parts.billed_cost_usd, 6) as billed_cost_usd,
    round(vendor_parts.estimated_cost_usd, 6) as estimated_cost_usd,
    round(
        (vendor_parts.billed_cost_usd + vendor_parts.estimated_cost_usd)
        * (shares.customers_cost_usd / nullif(shares.everyones_cost_usd, 0)), 6
    ) as customer_cost_usd,
    round(shares.customers_cost_usd / nullif(shares.everyones_cost_usd, 0), 6) as customer_ratio,
    round(shares.nobodys_cost_usd / nullif(shares.everyones_cost_usd, 0), 6) as unattributed_ratio
from vendor_parts
inner join params
    on vendor_parts.resolved_provider = params.provider
left join shares
    on vendor_parts.part = shares.part
order by
    vendor_parts.billed_cost_usd + vendor_parts.estimated_cost_usd desc,
    vendor_parts.part asc
