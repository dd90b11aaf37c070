-- Parts of a schedule, fast and exact: each equals the difference of two shared parts, on either side of the amount up
-- to which 64 bits do, and negative ones mirror positive ones. Spark's shared part is exact below a hundred million.
with

cases as (

    select
        cast(amount as decimal(28, 12)) as amount,
        cast(from_part as bigint) as from_part,
        cast(to_part as bigint) as to_part,
        cast(whole as bigint) as whole
    from (
        values
        (10, 0, 1, 3), (10, 1, 2, 3), (10, 2, 3, 3), (-10, 1, 2, 3), (0, 0, 1, 3),
        (0.000000000001, 0, 1, 2), (0.000000000001, 1, 2, 2), (9000000, 86400, 172800, 31536001),
        (9300000, 86400, 172800, 31536001), (99999999, 2999999998, 2999999999, 2999999999),
        (100.01, 3000000000, 3000000001, 3000000007)
    ) as names (amount, from_part, to_part, whole)

),

prepared as (

    select
        *,
        {{ whole_picos('amount') }} as picos
    from cases

),

compared as (

    select
        *,
        {{ served_between('amount', 'picos', 'from_part', 'to_part', 'whole') }} as served,
        {{ money(shared_part('amount', 'to_part', 'whole', 0) ~ ' - ' ~ shared_part('amount', 'from_part', 'whole', 0)) }}
            as expected
    from prepared

)

select *
from compared
where served is distinct from expected
