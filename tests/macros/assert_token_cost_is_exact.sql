-- Tokens times a price per token, with the part of the price finer than 1e-12, rounded once; nothing used costs 0 even
-- without a price, something used without a price is null.
with

cases as (

    select *
    from (
        values
        (1, 1000000, cast(0.00000125 as decimal(19, 12)), cast(0 as decimal(21, 21)), false, cast(1.25 as decimal(28, 12))),
        (2, 3, cast(0.000000083333 as decimal(19, 12)), cast(0.000000000000333333333 as decimal(21, 21)), true, cast(0.00000025 as decimal(28, 12))),
        (3, 1, cast(0.000000083333 as decimal(19, 12)), cast(0.000000000000333333333 as decimal(21, 21)), true, cast(0.000000083333 as decimal(28, 12))),
        (4, 999999999999, cast(0.0006 as decimal(19, 12)), cast(0 as decimal(21, 21)), false, cast(599999999.9994 as decimal(28, 12))),
        (5, 0, cast(null as decimal(19, 12)), cast(null as decimal(21, 21)), false, cast(0 as decimal(28, 12))),
        (6, 1, cast(null as decimal(19, 12)), cast(null as decimal(21, 21)), false, cast(null as decimal(28, 12)))
    ) as listed_cases (case_number, tokens, price, price_rest, has_price_rest, expected)

)

select
    *,
    {{ token_cost('tokens', 'price') }} as actual
from cases
where {{ token_cost('tokens', 'price') }} is distinct from expected
