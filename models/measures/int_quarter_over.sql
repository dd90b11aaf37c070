-- The last calendar quarter that is over at as_of_date.
-- Grain: one row; none on an empty warehouse.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

quarters as (

    select
        cast({{ dbt.date_trunc('quarter', dbt.dateadd('day', 1, 'as_of_date')) }} as date) as next_quarter_start_date
    from as_of
    where as_of_date is not null

),

final as (

    select
        cast({{ dbt.dateadd('month', -3, 'next_quarter_start_date') }} as date) as period_start_date,
        next_quarter_start_date
    from quarters

)

select * from final
