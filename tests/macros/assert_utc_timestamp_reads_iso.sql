-- A text is a time where it is one by ISO 8601 or a number of seconds or milliseconds, and nothing where it is not.
-- Each engine takes other texts for times, too: a signup at `10:00` would be today on one of them.
with

cases as (

    select
        written,
        cast(expected as timestamp) as expected
    from (
        values
        ('2025-01-02', '2025-01-02 00:00:00'),
        ('2025-01-02 03:04', '2025-01-02 03:04:00'),
        ('2025-01-02 03:04:05', '2025-01-02 03:04:05'),
        ('2025-01-02T03:04:05Z', '2025-01-02 03:04:05'),
        ('2025-01-02T03:04:05.678z', '2025-01-02 03:04:05.678'),
        ('2025-01-02T03:04:05+02:00', '2025-01-02 01:04:05'),
        ('2025-01-02 03:04:05.5-05:30', '2025-01-02 08:34:05.5'),
        ('2025-01-02T03:04:05.123456789-0530', '2025-01-02 08:34:05.123456'),
        ('1735787045', '2025-01-02 03:04:05'),
        ('1735787045678', '2025-01-02 03:04:05.678'),
        ('2025', null),
        ('2025-01', null),
        ('2025/01/02', null),
        ('2025-13-02', null),
        ('03:04', null),
        ('12', null),
        ('epoch', null),
        ('infinity', null),
        ('yesterday', null),
        ('', null)
    ) as rows_by_hand (written, expected)

),

answers as (

    select
        written,
        expected,
        {{ utc_timestamp('written') }} as answer
    from cases

)

select
    written,
    expected,
    answer
from answers
where answer is distinct from expected
