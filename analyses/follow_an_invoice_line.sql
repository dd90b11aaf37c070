-- From one invoice line to the customers that carry it: what was billed, by what it was shared, who pays how much.
-- Name the line: `dbt show -s follow_an_invoice_line --vars '{bill_id: bill_openai_llm_api_2026-09_usage}' --limit 50`;
-- without a name it is the largest line of the current month. The parts add up to the line's piece of each month.
-- A line that trues up priced calls is paid together with the other lines of its key (vendor, group, model tag): its
-- part of what a customer carries of them is shown.
with

ranked as (

    select
        lines.*,
        row_number() over (
            order by lines.period_start_date desc, lines.billed_usd desc nulls last, lines.line_id asc
        ) as size_rank
    from {{ ref('int_bill_lines_monthly') }} as lines
    inner join {{ ref('int_as_of_date') }} as as_of
        on lines.period_start_date <= as_of.as_of_date
    where
        lines.is_cost
        and lines.component <> 'fine_tuning'

),

chosen as (

    select * from ranked
    where {{ "bill_id = '" ~ var('bill_id') ~ "'" if var('bill_id', '') else 'size_rank = 1' }}

),

shared as (

    select
        parts.line_id,
        drivers.driver as shared_by,
        parts.customer_id,
        sum(parts.driver_quantity) as quantity,
        sum(parts.allocated_cost_usd) as carried_usd
    from {{ ref('int_bills_allocated_to_usage') }} as parts
    inner join {{ ref('int_bill_lines_driven') }} as drivers
        on parts.line_id = drivers.line_id
    group by
        parts.line_id,
        drivers.driver,
        parts.customer_id

),

trued_up as (

    select
        chosen.line_id,
        'computed cost' as shared_by,
        usage_rows.customer_id,
        sum(
            case when chosen.component = 'llm_api'
                then usage_rows.computed_llm_api_cost_usd + usage_rows.computed_prompt_cache_cost_usd
                else usage_rows.computed_embedding_cost_usd end
        ) as quantity,
        {{ shared_part(
            money("sum(case when chosen.component = 'llm_api' then usage_rows.llm_api_cost_usd"
                ~ " + usage_rows.prompt_cache_cost_usd else usage_rows.embedding_cost_usd end)"),
            'max(chosen.recognised_usd)', 'max(true_ups.billed_cost_usd)', 12
        ) }} as carried_usd
    from chosen
    inner join {{ ref('int_true_ups_monthly') }} as true_ups
        on chosen.period_start_date = true_ups.period_start_date
        and chosen.resolved_provider = true_ups.resolved_provider
        and chosen.component = true_ups.true_up_group
        and chosen.model_tag = true_ups.model_tag
    inner join {{ ref('int_usage_trued_up_daily') }} as usage_rows
        on chosen.period_start_date = usage_rows.period_start_date
        and chosen.resolved_provider = usage_rows.resolved_provider
        and (
            (
                chosen.component = 'llm_api'
                and chosen.model_tag = usage_rows.llm_api_tag
                and usage_rows.is_llm_api_covered
            )
            or (
                chosen.component = 'embedding'
                and usage_rows.embedding_group = 'embedding'
                and chosen.model_tag = usage_rows.embedding_tag
                and usage_rows.is_embedding_covered
            )
        )
    group by
        chosen.line_id,
        usage_rows.customer_id

),

carried as (

    select * from shared
    union all
    select * from trued_up

)

select
    chosen.bill_id,
    chosen.invoice_id,
    chosen.provider,
    chosen.component,
    chosen.from_date,
    chosen.to_date,
    chosen.billed_usd,
    coalesce(carried.shared_by, 'nothing to share it by') as shared_by,
    coalesce(carried.customer_id, 'unattributed') as customer_id,
    customers.customer_name,
    carried.quantity,
    coalesce(carried.carried_usd, chosen.recognised_usd) as carried_usd
from chosen
left join carried
    on chosen.line_id = carried.line_id
left join {{ ref('dim_customers') }} as customers
    on carried.customer_id = customers.customer_id
order by
    chosen.from_date asc,
    carried_usd desc
