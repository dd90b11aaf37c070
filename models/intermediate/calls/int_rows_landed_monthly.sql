-- What became of every landed row: used, or skipped and why.
-- Grain: one row per source_name, period_start_date and skip_reason (null: used).
-- The month is that of the row's own time (UTC), else of its landing. What the models of a source do not show at all
-- are older versions of rows; of a source that nobody reads every row was landed, and that is all.
with

loads as (

    select * from {{ ref('stg_landing__loads') }}

),

canonical as (

    select * from {{ ref('stg_landing__rows_monthly') }}

),

judged as (

    select * from {{ ref('int_rows_judged') }}

),

counted as (

    select
        judged.source_name,
        judged.skip_reason,
        cast({{ dbt.date_trunc('month', 'coalesce(judged.row_time, loads.landed_at)') }} as date) as period_start_date,
        judged._load_id,
        count(*) as row_count
    from judged
    left join loads
        on judged._load_id = loads.load_id
    group by
        judged.source_name,
        judged.skip_reason,
        cast({{ dbt.date_trunc('month', 'coalesce(judged.row_time, loads.landed_at)') }} as date),
        judged._load_id

),

shown as (

    select
        _load_id,
        sum(row_count) as row_count
    from counted
    group by _load_id

),

sources as (

    select distinct source_name
    from counted

),

not_shown as (

    select
        loads.source_name,
        case when sources.source_name is not null then 'older_version' end as skip_reason,
        cast({{ dbt.date_trunc('month', 'loads.landed_at') }} as date) as period_start_date,
        loads.landed_row_count - coalesce(shown.row_count, 0) as row_count
    from loads
    left join shown
        on loads.load_id = shown._load_id
    left join sources
        on loads.source_name = sources.source_name
    where
        loads.landed_row_count > coalesce(shown.row_count, 0)
        and loads.source_name not in (select canonical.source_name from canonical)

),

told as (

    select
        source_name,
        period_start_date,
        skip_reason,
        row_count
    from counted

    union all

    select
        source_name,
        period_start_date,
        skip_reason,
        row_count
    from not_shown

    union all

    select
        source_name,
        period_start_date,
        cast(null as string) as skip_reason,
        row_count
    from canonical

),

final as (

    select
        source_name,
        period_start_date,
        skip_reason,
        cast(sum(row_count) as bigint) as row_count
    from told
    group by
        source_name,
        period_start_date,
        skip_reason

)

select * from final
