-- Shared bills shared out to the single calls they paid for, as int_bills_allocated_to_usage does to usage rows.
-- Grain: one row per line_id and call_id that has any of the line's driver, of the calls this build works out. A view: as many
-- rows as calls × lines.
with

lines as (

    select * from {{ ref('int_bill_lines_driven') }}
    where
        driver <> 'none'
        and component <> 'other_cogs'

),

line_days as (

    select
        lines.*,
        days.utc_date
    from lines
    inner join {{ ref('int_bill_line_days') }} as days
        on lines.line_id = days.line_id

),

calls as (

    select * from {{ ref('int_calls_to_cost') }}

),

final as (

    select
        line_days.line_id,
        line_days.component,
        calls.call_id,
        {{ shared_part(
            'line_days.recognised_usd', bill_driver('line_days', 'calls'), 'line_days.line_driver_quantity'
        ) }} as allocated_cost_usd
    from line_days
    inner join calls
        on line_days.utc_date = calls.utc_date
        and {{ in_bill_scope('line_days', 'calls') }}
    where {{ bill_driver('line_days', 'calls') }} > 0

)

select * from final
