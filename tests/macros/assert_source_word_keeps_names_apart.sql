-- Our own words come from no source, and what comes from sources stays as many names as it was.
-- Two customers under one name would only show as one that costs the sum of both.
with

cases as (

    select
        name,
        expected
    from (
        values
        ('all', 'all (source)'),
        ('internal', 'internal (source)'),
        ('unattributed', 'unattributed (source)'),
        ('all (source)', 'all (source) (source)'),
        ('crm (source)', 'crm (source) (source)'),
        ('All', 'All'),
        (' all', ' all'),
        ('a', 'a')
    ) as rows_by_hand (name, expected)

),

answers as (

    select
        name,
        expected,
        {{ source_word('name') }} as answer
    from cases

)

select
    name,
    expected,
    answer
from answers
where answer is distinct from expected
