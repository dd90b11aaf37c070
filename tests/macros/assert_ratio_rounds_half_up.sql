-- Exact division, rounded half away from zero at 1e-12, null on zero: what a double or a truncation would get wrong.
with

cases as (

    select
        case_number,
        cast(numerator as decimal(28, 12)) as numerator,
        cast(denominator as decimal(28, 12)) as denominator,
        cast(expected as decimal(28, 12)) as expected
    from (
        values
        (1, 1, 3, 0.333333333333),
        (2, 2, 3, 0.666666666667),
        (3, -2, 3, -0.666666666667),
        (4, -2, -3, 0.666666666667),
        (5, 0.000000000001, 2, 0.000000000001),
        (6, -0.000000000001, 2, -0.000000000001),
        (7, 0.000000000001, 2.000000000001, 0),
        (8, 50, 0, null),
        (9, 0, 7, 0),
        (10, 80000000000000, 0.5, 160000000000000),
        (11, 1, 8000000000000, 0.000000000000),
        (12, 1, 2000000000000, 0.000000000001),
        (13, -1, 2000000000000, -0.000000000001),
        (14, 3, 2000000000000, 0.000000000002),
        (15, 1.000000000001, 2, 0.500000000001),
        -- A hair below a half: a quotient rounded twice comes out one too high.
        (16, 24999999999999.999999999999, 50000000000000, 0.5),
        (17, 0.999999999999, 2000000000000, 0),
        (18, null, 3, null),
        (19, 3, null, null),
        (20, 2, -3, -0.666666666667)
    ) as listed_cases (case_number, numerator, denominator, expected)

)

select
    *,
    {{ ratio('numerator', 'denominator') }} as actual
from cases
where {{ ratio('numerator', 'denominator') }} is distinct from expected
