-- What the landing counted, file by file, is what the mart says became of the rows, source by source.
with

loads as (

    select
        source_name,
        cast(sum(landed_row_count) as bigint) as landed_row_count,
        cast(sum(quarantined_row_count) as bigint) as quarantined_row_count
    from {{ ref('stg_landing__loads') }}
    group by source_name
    having sum(landed_row_count) + sum(quarantined_row_count) > 0

),

-- Found bad after they had landed.
bad as (

    select
        source_name,
        sum(row_count) as row_count
    from {{ ref('int_rows_landed_monthly') }}
    where skip_reason = 'negative_remainder'
    group by source_name

),

outcomes as (

    select
        source_name,
        sum(case when outcome <> 'quarantined' then row_count else 0 end) as landed_row_count,
        sum(case when outcome = 'quarantined' then row_count else 0 end) as quarantined_row_count
    from {{ ref('landed_rows_monthly') }}
    group by source_name

),

told as (

    select
        outcomes.source_name,
        cast(outcomes.landed_row_count + coalesce(bad.row_count, 0) as bigint) as landed_row_count,
        cast(outcomes.quarantined_row_count - coalesce(bad.row_count, 0) as bigint) as quarantined_row_count
    from outcomes
    left join bad
        on outcomes.source_name = bad.source_name

)

select
    coalesce(loads.source_name, told.source_name) as source_name,
    loads.landed_row_count,
    told.landed_row_count as told_landed_row_count,
    loads.quarantined_row_count,
    told.quarantined_row_count as told_quarantined_row_count
from loads
full outer join told
    on loads.source_name = told.source_name
where
    loads.landed_row_count is distinct from told.landed_row_count
    or loads.quarantined_row_count is distinct from told.quarantined_row_count
