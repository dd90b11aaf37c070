-- An amount times a rate, rounded once half away from zero, also where the product has more than 38 digits.
with

cases as (

    select
        case_number,
        cast(amount as decimal(28, 12)) as amount,
        cast(usd_per_unit as decimal(28, 12)) as usd_per_unit,
        cast(expected as decimal(28, 12)) as expected
    from (
        values
        (1, 10, 1.1, 11),
        (2, -4, 1.1, -4.4),
        (3, 0.333333333333, 1.5, 0.5),
        (4, -0.333333333333, 1.5, -0.5),
        (5, 123456789012.123456789012, 0.0068, 839506165.282439506165),
        (6, 0.000000000001, 0.4, 0),
        (7, null, 1.1, null),
        (8, 5, null, null)
    ) as listed_cases (case_number, amount, usd_per_unit, expected)

)

select
    *,
    {{ converted('amount', 'usd_per_unit') }} as actual
from cases
where {{ converted('amount', 'usd_per_unit') }} is distinct from expected
