-- Calendar months that are over at as_of_date, from the first one with anything in it.
-- Grain: one row per period_start_date.
-- dim_dates ends on some day: a month is over when its last day is.
with

final as (

    select distinct dates.month_start_date as period_start_date
    from {{ ref('dim_dates') }} as dates
    inner join {{ ref('int_as_of_date') }} as as_of
        on
            cast({{ dbt.dateadd('month', 1, 'dates.month_start_date') }} as date)
            <= cast({{ dbt.dateadd('day', 1, 'as_of.as_of_date') }} as date)

)

select * from final
