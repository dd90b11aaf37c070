-- Days of service that credit notes and refunds cancel: days after the note, the latest first, then by line id.
-- Grain: one row per invoice_line_id, service_date and reduction_number, where something is cancelled.
-- Each reduction sees what the ones before it left, so the reductions of an invoice are taken one after the other, up
-- to the var max_reductions_per_invoice (assert_invoices_have_few_reductions).
{{ config(materialized='table') }}
{% set steps = range(1, var('max_reductions_per_invoice') + 1) %}
with

reductions as (

    select * from {{ ref('int_reductions_numbered') }}

),

reduced_invoices as (

    select distinct invoice_id
    from reductions

),

step_0 as (

    select
        days.invoice_line_id,
        days.invoice_id,
        days.product_id,
        days.service_date,
        days.day_amount as left_amount
    from {{ ref('int_invoice_days_spread') }} as days
    inner join reduced_invoices
        on days.invoice_id = reduced_invoices.invoice_id
    where days.is_cancellable

),

{% for step in steps %}
eligible_{{ step }} as (

    select
        days.*,
        case
            when
                days.service_date > reductions.reduced_date
                and reductions.product_id in ('unattributed', days.product_id)
                then days.left_amount
            else cast(0 as decimal(28, 12))
        end as eligible_amount,
        coalesce(reductions.reduction_amount, cast(0 as decimal(28, 12))) as reduction_amount
    from step_{{ step - 1 }} as days
    left join reductions
        on
            days.invoice_id = reductions.invoice_id
            and reductions.reduction_number = {{ step }}

),

cancelled_{{ step }} as (

    -- What the later days did not take, at most what is left of this one.
    select
        *,
        {{ money('greatest(least(eligible_amount, ' ~ money('reduction_amount - coalesce(sum(eligible_amount) over (
            partition by invoice_id
            order by service_date desc nulls last, invoice_line_id asc nulls last
            rows between unbounded preceding and 1 preceding
        ), 0)') ~ '), cast(0 as decimal(28, 12)))') }} as cancelled_amount_{{ step }}
    from eligible_{{ step }}

),

step_{{ step }} as (

    select
        invoice_line_id,
        invoice_id,
        product_id,
        service_date,
        {% for earlier in range(1, step + 1) -%}
        cancelled_amount_{{ earlier }},
        {% endfor -%}
        {{ money('left_amount - cancelled_amount_' ~ step) }} as left_amount
    from cancelled_{{ step }}

),

{% endfor %}
numbers as (

    select *
    from (
        values
        {%- for step in steps %}
        ({{ step }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as steps (reduction_number)

),

by_reduction as (

    select
        days.invoice_line_id,
        days.invoice_id,
        days.service_date,
        cast(numbers.reduction_number as bigint) as reduction_number,
        cast(
            case numbers.reduction_number
                {%- for step in steps %}
                when {{ step }} then days.cancelled_amount_{{ step }}
                {%- endfor %}
            end
        as decimal(28, 12)) as cancelled_amount
    from step_{{ steps[-1] }} as days
    cross join numbers

)

select
    invoice_line_id,
    invoice_id,
    service_date,
    reduction_number,
    cancelled_amount
from by_reduction
where cancelled_amount > 0
