-- A daily price window ends at a whole second: the last microsecond before it still belongs to it.
with

cases as (

    select *
    from (
        values
        (cast('2026-03-01 00:00:00' as timestamp), 0),
        (cast('2026-03-01 16:29:59.999999' as timestamp), 59399),
        (cast('2026-03-01 16:30:00' as timestamp), 59400),
        (cast('2026-03-01 23:59:59.5' as timestamp), 86399)
    ) as listed_cases (moment, expected)

)

select *
from cases
where {{ second_of_day('moment') }} <> expected
