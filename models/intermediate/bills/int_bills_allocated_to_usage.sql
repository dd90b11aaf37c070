-- Shared bills shared out over the usage they paid for.
-- Grain: one row per line_id and row of int_usage_priced_daily that has any of the line's driver.
-- A late call changes every part of its line: read whole lines, never single days.
-- A table: the daily fact, the other cost of sales and the reconciliation read it.
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('int_bill_lines_driven') }}
    where driver <> 'none'

),

line_days as (

    select
        lines.*,
        days.utc_date
    from lines
    inner join {{ ref('int_bill_line_days') }} as days
        on lines.line_id = days.line_id

),

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

driven as (

    select
        line_days.line_id,
        line_days.period_start_date,
        line_days.component,
        line_days.resolved_provider as billed_provider,
        line_days.model_tag,
        usage_rows.usage_date,
        usage_rows.utc_date,
        {% for dimension in usage_row_dimensions() -%}
        usage_rows.{{ dimension }},
        {% endfor -%}
        {{ bill_driver('line_days', 'usage_rows') }} as driver_quantity,
        line_days.line_driver_quantity,
        line_days.recognised_usd
    from line_days
    inner join usage_rows
        on line_days.utc_date = usage_rows.utc_date
        and {{ in_bill_scope('line_days', 'usage_rows') }}

),

final as (

    select
        *,
        {{ shared_part('recognised_usd', 'driver_quantity', 'line_driver_quantity') }} as allocated_cost_usd
    from driven
    where driver_quantity > 0

)

select * from final
