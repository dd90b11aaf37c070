-- An id that is a whole number is the same with and without `.0`; every other text stays as it is.
with

cases as (

    select
        case_number,
        id_text,
        expected
    from (
        values
        (1, '1042.0', '1042'),
        (2, '1042', '1042'),
        (3, '12345678901234567891.0', '12345678901234567891'),
        (4, '1042.5', '1042.5'),
        (5, 'v1.0', 'v1.0'),
        (6, '1.0.0', '1.0.0'),
        (7, '.0', '.0'),
        (8, '', ''),
        (9, null, null),
        (10, '007.0', '007')
    ) as listed_cases (case_number, id_text, expected)

)

select
    *,
    {{ whole_id('id_text') }} as actual
from cases
where {{ whole_id('id_text') }} is distinct from expected
