-- What is left of each line after each event of its invoice (decisions.md, Reductions).
-- Grain: one row per invoice_id, event_number and invoice_line_id.
-- It depends on the reductions in force alone, not on how they came about: what does not fit into a line of the product a
-- reduction names comes off that product's other lines; what does not fit into the lines it names comes off the others,
-- pro rata to what is left of them; an invoice is never reduced below 0.
{{ config(materialized='table') }}
with

asked as (

    select * from {{ ref('int_reductions_asked') }}

),

in_force as (

    select
        *,
        {{ money('sum(requested_amount) over events_so_far') }} as in_force_amount,
        {{ money('sum(asked_ratio) over events_so_far') }} as asked_so_far_ratio,
        {{ money("greatest(sum(case when named_by = 'all' then 0 else asked_ratio end) over events_so_far, 0)") }} as named_ratio,
        {{ money("greatest(sum(case when named_by = 'product' then asked_ratio else 0 end) over events_so_far, 0)") }}
            as product_ratio,
        max(case when takes_all then 1 else 0 end) over events_so_far = 1 as is_all_taken
    from asked
    window events_so_far as (
        partition by invoice_line_id
        order by event_number asc nulls last
        rows between unbounded preceding and current row
    )

),

overfull as (

    -- Notes of lines come first: what they left no room for is asked of the product.
    select
        *,
        {{ shared_part('net_amount', 'least(product_ratio, greatest(named_ratio - 1, 0))', '1', 12) }} as over_amount,
        {{ money('greatest(1 - named_ratio, 0)') }} as room_ratio,
        {{ shared_part('net_amount', 'greatest(1 - named_ratio, 0)', '1', 12) }} as room_amount
    from in_force

),

of_product as (

    select
        *,
        {{ money('sum(over_amount) over (partition by invoice_id, event_number, product_id)') }} as product_over_amount,
        {{ money('sum(room_amount) over (partition by invoice_id, event_number, product_id)') }} as product_room_amount
    from overfull

),

reduced as (

    select
        *,
        {{ money('greatest(least(asked_so_far_ratio + case when product_over_amount > 0 and product_room_amount > 0 then '
            ~ shared_part('room_ratio', money('least(product_over_amount, product_room_amount)'), 'product_room_amount', 12)
            ~ ' else 0 end, 1), 0)') }} as reduced_ratio
    from of_product

),

shrunk as (

    select
        *,
        {{ money('case'
            ~ ' when is_all_taken then ' ~ money('0')
            ~ ' when invoice_amount <= 0 then invoice_amount'
            ~ ' else greatest(' ~ money('invoice_amount - greatest(in_force_amount, 0)') ~ ', ' ~ money('0') ~ ')'
            ~ ' end') }} as invoice_left_amount,
        {{ money('net_amount - ' ~ shared_part('net_amount', 'reduced_ratio', '1', 12)) }} as line_left_amount
    from reduced

),

summed as (

    select
        *,
        {{ money('sum(line_left_amount) over (partition by invoice_id, event_number)') }} as lines_left_amount
    from shrunk

),

fitted as (

    select
        *,
        {{ money('case'
            ~ ' when is_all_taken then ' ~ money('0')
            ~ ' when lines_left_amount in (0, invoice_left_amount) then line_left_amount'
            ~ ' when invoice_left_amount = 0 then ' ~ money('0')
            ~ ' else ' ~ shared_part('line_left_amount', ratio('invoice_left_amount', 'lines_left_amount'), '1', 12)
            ~ ' end') }} as fitted_amount
    from summed

),

ranked as (

    select
        *,
        {{ money('sum(fitted_amount) over (partition by invoice_id, event_number)') }} as fitted_sum,
        row_number() over (
            partition by invoice_id, event_number order by abs(fitted_amount) desc nulls last, invoice_line_id asc nulls last
        ) as size_rank
    from fitted

),

left_over as (

    -- The largest line takes what rounding leaves, so that the lines make the invoice exactly.
    select
        invoice_id,
        event_number,
        event_date,
        event_kind,
        invoice_line_id,
        product_id,
        net_amount,
        {{ money('fitted_amount + case when size_rank = 1 then '
            ~ money('invoice_left_amount - fitted_sum') ~ ' else ' ~ money('0') ~ ' end') }} as left_amount
    from ranked

),

final as (

    select
        invoice_id,
        event_number,
        event_date,
        event_kind,
        invoice_line_id,
        product_id,
        net_amount,
        coalesce(lag(left_amount) over (partition by invoice_line_id order by event_number asc nulls last), net_amount)
            as left_before_amount,
        left_amount as left_after_amount
    from left_over

)

select * from final
