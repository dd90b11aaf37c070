-- Money is rounded half away from zero at 1e-12, and a sum of two keeps all twelve decimals.
with

cases as (

    select
        case_number,
        cast(amount as decimal(38, 15)) as amount,
        cast(expected as decimal(28, 12)) as expected
    from (
        values
        (1, 0.000000000000499, 0),
        (2, 0.000000000000500, 0.000000000001),
        (3, -0.000000000000500, -0.000000000001),
        (4, 0.000000000001500, 0.000000000002),
        (5, 9999999999999999.123456789012, 9999999999999999.123456789012),
        (6, null, null)
    ) as listed_cases (case_number, amount, expected)

)

select *
from cases
where
    {{ money('amount') }} is distinct from expected
    or {{ money(money('amount') ~ ' - ' ~ money('0.000000000003')) }}
    is distinct from {{ money('expected - 0.000000000003') }}
