-- A part of an amount, exact and rounded once half away from zero; null of a whole of 0.
with

cases as (

    select
        case_number,
        cast(amount as decimal(28, 12)) as amount,
        cast(part as decimal(28, 6)) as part,
        cast(whole as decimal(28, 6)) as whole,
        cast(expected as decimal(28, 12)) as expected
    from (
        values
        (1, 10, 1, 3, 3.333333333333),
        (2, 10, 2, 3, 6.666666666667),
        (3, -10, 2, 3, -6.666666666667),
        (4, 10, -2, -3, 6.666666666667),
        (5, 0.000000000001, 1, 2, 0.000000000001),
        (6, 500, 0.25, 1, 125),
        (7, 500, 1, 0, null)
    ) as listed_cases (case_number, amount, part, whole, expected)

)

select
    *,
    {{ shared_part('amount', 'part', 'whole') }} as actual
from cases
where {{ shared_part('amount', 'part', 'whole') }} is distinct from expected
