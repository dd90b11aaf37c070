-- A day ends at midnight of the reporting time zone, also where clocks change: an hour off moves calls between days.
with

cases as (

    select *
    from (
        values
        (cast('2026-03-08 06:59:59.999999' as timestamp), cast('2026-03-08 01:59:59.999999' as timestamp)),
        (cast('2026-03-08 07:00:00' as timestamp), cast('2026-03-08 03:00:00' as timestamp)),
        (cast('2026-11-01 05:30:00' as timestamp), cast('2026-11-01 01:30:00' as timestamp)),
        (cast('2026-11-01 06:30:00' as timestamp), cast('2026-11-01 01:30:00' as timestamp)),
        (cast('2026-03-01 04:59:59' as timestamp), cast('2026-02-28 23:59:59' as timestamp)),
        (cast('1969-12-31 23:59:59' as timestamp), cast('1969-12-31 18:59:59' as timestamp)),
        (cast(null as timestamp), cast(null as timestamp))
    ) as listed_cases (moment, expected)

)

select *
from cases
where {{ in_timezone('moment', 'America/New_York') }} is distinct from expected
