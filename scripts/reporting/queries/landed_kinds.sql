-- What has been landed: sources with rows that were used, and names on calls that some calls carry (`all`: calls at all,
-- of whichever source).
-- Grain: one row per source, or per dimension of calls; row_count is null for a dimension.
select
    source_name as landed_name,
    cast(sum(row_count) as bigint) as row_count
from marts.landed_rows_monthly
where outcome = 'landed'
group by source_name

union all

select
    dimension as landed_name,
    cast(null as bigint) as row_count
from marts.cost_per_inference
where
    period_grain = 'month'
    and dimension in ('all', 'customer', 'feature', 'workflow')
    and (dimension <> 'all' or call_count > 0)
    and dimension_value not in ('unattributed', 'internal')
group by dimension

order by landed_name asc nulls last
