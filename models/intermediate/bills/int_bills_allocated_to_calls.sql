-- Shared bills shared out to the single calls they paid for, as int_bills_allocated_to_usage does to usage rows.
-- Grain: one row per line_id and call_id that has any of the line's driver. A view: as many rows as calls × lines.
with

lines as (

    select * from {{ ref('int_bill_lines_driven') }}
    where
        driver <> 'none'
        and component <> 'other_cogs'

),

calls as (

    select * from {{ ref('int_calls_split') }}

),

final as (

    select
        lines.line_id,
        lines.component,
        calls.call_id,
        {{ shared_part('lines.billed_usd', bill_driver('lines', 'calls'), 'lines.line_driver_quantity') }}
            as allocated_cost_usd
    from lines
    inner join calls
        on lines.period_start_date = cast({{ dbt.date_trunc('month', 'calls.utc_date') }} as date)
        and {{ in_bill_scope('lines', 'calls') }}
    where {{ bill_driver('lines', 'calls') }} > 0

)

select * from final
