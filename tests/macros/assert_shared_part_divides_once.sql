-- A share of money is multiplied first, divided and rounded once, half away from zero; by nothing it is null.
-- A share rounded twice, or through a double, would only show as a bill that does not add up in the twelfth place.
with

cases as (

    select
        case_name,
        cast(amount as decimal(28, 12)) as amount,
        cast(part as decimal(28, 6)) as part,
        cast(whole as decimal(28, 6)) as whole,
        cast(expected as decimal(28, 12)) as expected
    from (
        values
        ('a third', '10', '1', '3', '3.333333333333'),
        ('two thirds', '10', '2', '3', '6.666666666667'),
        ('a negative bill', '-10', '2', '3', '-6.666666666667'),
        ('a negative whole', '10', '2', '-3', '-6.666666666667'),
        ('both negative', '-10', '2', '-3', '6.666666666667'),
        ('a tie goes up', '0.000000000001', '1', '2', '0.000000000001'),
        ('a negative tie goes down', '-0.000000000001', '1', '2', '-0.000000000001'),
        ('just below a tie', '0.000000000001', '0.499999', '1', '0'),
        ('a cent over 10 000', '0.01', '1', '10000', '0.000001'),
        ('millions', '9999999.999999999999', '999999999.999999', '999999999.999999', '9999999.999999999999'),
        ('no part', '10', '0', '3', '0'),
        ('no part of nothing known', null, '0', '3', null),
        ('thousands to the last place', '1999.999999999999', '1', '1', '1999.999999999999'),
        ('more of them', '2000.000000000001', '1', '1', '2000.000000000001'),
        ('more digits than a double has', '99999999.999999999999', '1', '1', '99999999.999999999999'),
        ('a yen amount', '123456789012.000000000001', '2', '3', '82304526008.000000000001'),
        ('a part and a whole of billions', '-1', '1999999999.999999', '2000000700.000001', '-0.999999650000'),
        ('nothing to divide by', '10', '1', '0', null)
    ) as rows_by_hand (case_name, amount, part, whole, expected)

),

fine_cases as (

    select
        case_name,
        cast(amount as decimal(28, 12)) as amount,
        cast(part as decimal(28, 12)) as part,
        cast(whole as decimal(28, 12)) as whole,
        cast(expected as decimal(28, 12)) as expected
    from (
        values
        ('a computed cost to its last place', '3', '0.000000000001', '0.000000000003', '1'),
        ('more than was computed', '1.1', '0.333333333333', '1', '0.366666666666'),
        ('a tie in the twelfth place', '0.5', '0.000000000003', '1', '0.000000000002'),
        ('a hair below that tie', '0.499999999999', '0.000000000003', '1', '0.000000000001')
    ) as rows_by_hand (case_name, amount, part, whole, expected)

),

answers as (

    select
        case_name,
        expected,
        {{ shared_part('amount', 'part', 'whole') }} as answer
    from cases

    union all

    select
        case_name,
        expected,
        {{ shared_part('amount', 'part', 'whole', 12) }} as answer
    from fine_cases

)

select
    case_name,
    expected,
    answer
from answers
where answer is distinct from expected
