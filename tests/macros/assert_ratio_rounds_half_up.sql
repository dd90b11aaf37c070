-- Exact division, rounded half away from zero at 1e-12, null on zero: what a double or a truncation would get wrong.
with

cases as (

    select *
    from (
        values
        (1, cast(1 as decimal(28, 12)), cast(3 as decimal(28, 12)), cast(0.333333333333 as decimal(28, 12))),
        (2, cast(2 as decimal(28, 12)), cast(3 as decimal(28, 12)), cast(0.666666666667 as decimal(28, 12))),
        (3, cast(-2 as decimal(28, 12)), cast(3 as decimal(28, 12)), cast(-0.666666666667 as decimal(28, 12))),
        (4, cast(-2 as decimal(28, 12)), cast(-3 as decimal(28, 12)), cast(0.666666666667 as decimal(28, 12))),
        (5, cast(0.000000000001 as decimal(28, 12)), cast(2 as decimal(28, 12)), cast(0.000000000001 as decimal(28, 12))),
        (6, cast(-0.000000000001 as decimal(28, 12)), cast(2 as decimal(28, 12)), cast(-0.000000000001 as decimal(28, 12))),
        (7, cast(0.000000000001 as decimal(28, 12)), cast(2.000000000001 as decimal(28, 12)), cast(0 as decimal(28, 12))),
        (8, cast(50 as decimal(28, 12)), cast(0 as decimal(28, 12)), cast(null as decimal(28, 12))),
        (9, cast(0 as decimal(28, 12)), cast(7 as decimal(28, 12)), cast(0 as decimal(28, 12))),
        (10, cast(80000000000000 as decimal(28, 12)), cast(0.5 as decimal(28, 12)), cast(160000000000000 as decimal(28, 12)))
    ) as listed_cases (case_number, numerator, denominator, expected)

)

select
    *,
    {{ ratio('numerator', 'denominator') }} as actual
from cases
where {{ ratio('numerator', 'denominator') }} is distinct from expected
