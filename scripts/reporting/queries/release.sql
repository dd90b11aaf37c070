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
    page_dates.is_week_complete
from _release
cross join page_dates
