-- Shared bills shared out over the usage they paid for.
-- Grain: one row per line_id and row of int_usage_priced_daily that has any of the line's driver.
-- A late call changes every part of its line: read whole lines, never single days.
with

lines as (

    select * from {{ ref('int_bill_lines_driven') }}
    where driver <> 'none'

),

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

driven as (

    select
        lines.line_id,
        lines.component,
        usage_rows.usage_date,
        usage_rows.utc_date,
        {% for dimension in usage_row_dimensions() -%}
        usage_rows.{{ dimension }},
        {% endfor -%}
        {{ bill_driver('lines', 'usage_rows') }} as driver_quantity,
        lines.line_driver_quantity,
        lines.billed_usd
    from lines
    inner join usage_rows
        on lines.period_start_date = cast({{ dbt.date_trunc('month', 'usage_rows.utc_date') }} as date)
        and {{ in_bill_scope('lines', 'usage_rows') }}

),

final as (

    select
        *,
        {{ shared_part('billed_usd', 'driver_quantity', 'line_driver_quantity') }} as allocated_cost_usd
    from driven
    where driver_quantity > 0

)

select * from final
