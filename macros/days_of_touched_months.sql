{#- The days of the months that a model by month writes again; every day in a first build and a full refresh. By day, so that
    the engine skips the parts of history that are not asked for. -#}
{%- macro days_of_touched_months() -%}
    {%- set months = ref('int_measured_months_touched') -%}
    select dates.date_day
    from {{ ref('dim_dates') }} as dates
    {%- if is_incremental() %}
    where cast({{ dbt.date_trunc('month', 'dates.date_day') }} as date) in (
        select months.period_start_date from {{ months }} as months
    )
    {%- endif -%}
{%- endmacro -%}
