-- Tokens times a price per token, with the part of the price finer than 1e-12, rounded once; nothing used costs 0 even
-- without a price, something used without a price is null.
with

cases as (

    select
        case_number,
        tokens,
        cast(price as decimal(19, 12)) as price,
        cast(price_rest as decimal(21, 21)) as price_rest,
        has_price_rest,
        cast(expected as decimal(28, 12)) as expected
    from (
        values
        (1, 1000000, 0.00000125, 0, false, 1.25),
        (2, 3, 0.000000083333, 0.000000000000333333333, true, 0.00000025),
        (3, 1, 0.000000083333, 0.000000000000333333333, true, 0.000000083333),
        (4, 999999999999, 0.0006, 0, false, 599999999.9994),
        (5, 0, null, null, false, 0),
        (6, 1, null, null, false, null)
    ) as listed_cases (case_number, tokens, price, price_rest, has_price_rest, expected)

)

select
    *,
    {{ token_cost('tokens', 'price') }} as actual
from cases
where {{ token_cost('tokens', 'price') }} is distinct from expected
