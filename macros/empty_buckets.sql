{#- The newest load of each bucket that a file of a report has without a result. -#}
{%- macro empty_buckets(report) -%}
    select
        start_time,
        end_time,
        max(load_id) as newest_load_id
    from {{ source('raw', 'empty_buckets') }}
    where source = '{{ report }}'
    group by
        start_time,
        end_time
{%- endmacro -%}
