-- A percentile is the nearest rank over a total order: the first value that at least so many percent do not exceed.
-- The engines' own percentile functions differ in type and last digit, so ranks are counted.
with

cases as (

    select
        member,
        cast(cost as decimal(28, 12)) as cost
    from (
        values ('a', 1), ('b', 2), ('c', 3), ('d', 4), ('e', 5), ('f', 6), ('g', 7), ('h', 8), ('i', 9), ('j', 10.5)
    ) as listed_cases (member, cost)

),

ranked as (

    select
        cost,
        row_number() over (order by cost asc nulls last, member asc nulls last) as cost_rank,
        count(*) over () as member_count
    from cases

),

percentiles as (

    select
        min(cost) filter (where cost_rank * 100 >= 50 * member_count) as p50,
        min(cost) filter (where cost_rank * 100 >= 90 * member_count) as p90,
        min(cost) filter (where cost_rank * 100 >= 95 * member_count) as p95,
        min(cost) filter (where cost_rank * 100 >= 10 * member_count) as p10
    from ranked

)

select *
from percentiles
where p50 <> 5 or p90 <> 9 or p95 <> 10.5 or p10 <> 1
