-- Workspaces come as `a;b` or as a JSON list; neither form may lose or join an item.
with

cases as (

    select *
    from (
        values
        (1, 'a;b', 'a|b'),
        (2, '["a", "b;c"]', 'a|b;c'),
        (3, 'only', 'only'),
        (4, '12;13', '12|13'),
        (5, '[12, true]', '12|true'),
        (6, '["é", "a"]', 'é|a'),
        (7, '[not json;b', '[not json|b'),
        (8, '{"a": 1}', '{"a": 1}')
    ) as listed_cases (case_number, listed, expected)

),

items as (

    select
        case_number,
        expected,
        {{ split_list('listed') }} as item
    from cases

)

select
    case_number,
    expected,
    count(*) as item_count
from items
group by
    case_number,
    expected
having
    count(*) <> length(expected) - length(replace(expected, '|', '')) + 1
    or count(*) filter (where position('|' || item || '|' in '|' || expected || '|') > 0) <> count(*)
