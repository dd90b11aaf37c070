-- A text is a number where both engines read the same one: a token count of one and none of the other would be a call's
-- cost on one machine and nothing on the next.
with

cases as (

    select
        written,
        cast(expected as bigint) as expected
    from (
        values
        ('4210', 4210),
        (' 4210.0 ', 4210),
        ('1e3', 1000),
        ('-2.5', -3),
        ('1.5', 2),
        ('0.4', 0),
        ('1_000', null),
        ('１２', null),
        ('0x10', null),
        ('ten', null),
        ('nan', null),
        ('1e30', null),
        ('', null)
    ) as rows_by_hand (written, expected)

),

answers as (

    select
        written,
        expected,
        {{ whole_number('written') }} as answer
    from cases

)

select
    written,
    expected,
    answer
from answers
where answer is distinct from expected
