-- A fingerprint that two different rows share leaves a day unbuilt: null is not empty text, and no column runs into
-- the next.
with

cases as (

    select
        case_number,
        first_text,
        second_text,
        cast(amount as decimal(19, 15)) as amount
    from (
        values
        (1, 'a', 'b', 1.5),
        (2, 'a', null, 1.5),
        (3, 'a', '', 1.5),
        (4, null, 'a', 1.5),
        (5, 'a, b', null, 1.5),
        (6, 'a', 'b', null),
        (7, 'a', 'b', 1.500000000000001)
    ) as listed_cases (case_number, first_text, second_text, amount)

),

hashed_rows as (

    select
        first_text,
        second_text,
        amount
    from cases

),

fingerprints as (

    select
        {{ row_hash('hashed_rows') }} as row_fingerprint,
        {{ text_hash("coalesce(first_text, '-') || '|' || coalesce(second_text, '-')") }} as text_fingerprint
    from hashed_rows

),

counted as (

    select
        count(distinct row_fingerprint) as row_fingerprint_count,
        count(distinct text_fingerprint) as text_fingerprint_count,
        min(md5('call_1')) as visible_hash
    from fingerprints

)

select *
from counted
where
    row_fingerprint_count <> 7
    or text_fingerprint_count <> 5
    -- A hash that a reader sees is md5: the same text on every engine.
    or visible_hash <> 'e2c1ce991a0992f93969eccea47f764f'
