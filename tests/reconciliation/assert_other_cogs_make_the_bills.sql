-- Other cost of sales is shared out whole: within 0.000001 USD for each line.
with

lines as (

    select
        {{ cost_sum('recognised_usd') }} as billed_usd,
        count(*) as line_count
    from {{ ref('int_bill_lines_monthly') }}
    where is_cost and component = 'other_cogs'

),

charged as (

    select {{ cost_sum('other_cogs_usd') }} as other_cogs_usd
    from {{ ref('int_other_cogs_daily') }}

)

select
    lines.billed_usd,
    charged.other_cogs_usd
from lines
cross join charged
where abs(lines.billed_usd - charged.other_cogs_usd) > 0.000001 * greatest(lines.line_count, 1)
