-- The release and the day it stands on. Grain: one row.
select
    _release.release_id,
    _release.published_at,
    _release.inputs_sha256,
    _release.versions,
    _release.mart_count,
    _release.landed_row_count,
    _release.quarantined_row_count,
    page_dates.as_of_date,
    page_dates.month_date,
    page_dates.is_month_complete,
    page_dates.week_date,
    page_dates.is_week_complete,
    (
        select count(*) from marts.cost_per_inference
        where
            period_grain = 'day'
            and dimension = 'all'
            and inference_count > 0
            and period_start_date > page_dates.as_of_date - interval 56 days
    ) as usage_day_count
from _release
cross join page_dates
