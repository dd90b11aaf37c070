-- Every piece of a bill is a line, or is of a source that another one stands before in that month: choosing the bill's
-- source loses nothing else, and no month of a provider is left without a bill.
with

pieces as (

    select
        pieces.line_id,
        bills.source_name,
        pieces.period_start_date
    from {{ ref('int_bill_pieces_monthly') }} as pieces
    inner join {{ ref('int_bills_landed') }} as bills
        on pieces.bill_id = bills.bill_id

),

lines as (

    select * from {{ ref('int_bill_lines_monthly') }}

),

compared as (

    select * from {{ ref('int_bill_sources_chosen') }}
    where not is_bill

),

missing as (

    select pieces.*
    from pieces
    left join lines
        on pieces.line_id = lines.line_id
    where lines.line_id is null

)

select missing.line_id
from missing
left join compared
    on missing.source_name = compared.source_name
    and missing.period_start_date = compared.period_start_date
where compared.source_name is null
