-- Lines that credit notes name, with what each credits after discounts; notes of all lines name none.
-- Grain: one row per credit_note_id and line_id.
with

source as (

    select * from {{ source('raw', 'stripe_credit_notes') }}

),

split as (

    select
        id as credit_note_id,
        {{ split_list('lines') }} as line,
        _load_id,
        _source_row
    from source
    where lines is not null

),

ranked as (

    select
        credit_note_id,
        line,
        {{ whole_id(json_text('line', ['invoice_line_item', 'invoice_line_item_id'])) }} as line_id,
        {{ json_text('line', 'discount_amount') }} as discount_amount,
        rank() over (
            partition by credit_note_id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from split

),

named as (

    select * from ranked
    where version_rank = 1 and line_id is not null

),

discounts as (

    select
        credit_note_id,
        line_id,
        {{ split_list(json_text('line', 'discount_amounts')) }} as discount
    from named
    where discount_amount is null and {{ json_text('line', 'discount_amounts') }} is not null

),

parts as (

    select
        credit_note_id,
        line_id,
        {{ whole_number(json_text('line', 'amount')) }} as amount_minor_units,
        {{ whole_number('discount_amount') }} as discount_minor_units
    from named

    union all

    select
        credit_note_id,
        line_id,
        cast(0 as bigint) as amount_minor_units,
        {{ whole_number(json_text('discount', 'amount')) }} as discount_minor_units
    from discounts

),

final as (

    select
        credit_note_id,
        line_id,
        cast(
            coalesce(sum(amount_minor_units), 0) - coalesce(sum(discount_minor_units), 0) as bigint
        ) as credited_minor_units
    from parts
    group by
        credit_note_id,
        line_id

)

select * from final
