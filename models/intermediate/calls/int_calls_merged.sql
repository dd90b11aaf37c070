-- The calls in force among those that repeat something, with what they were for: their own word, else that of another
-- source, or another landed row, of the same response.
-- Grain: one row per call_id of int_calls_repeated that is in force.
with

repeated as (

    select * from {{ ref('int_calls_repeated') }}
    where is_newest_of_source

),

ranked as (

    select
        *,
        row_number() over (
            partition by response_key
            order by is_in_force desc, source_rank asc, updated_at desc nulls last, _load_id desc, _source_row desc
        ) as word_rank
    from repeated

),

words as (

    select
        response_key,
        {% for column in attribution_columns() -%}
        min_by({{ column }}, word_rank) filter (where {{ column }} is not null) as {{ column }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from ranked
    group by response_key

),

final as (

    select
        repeated._load_id,
        repeated._source_row,
        repeated.call_id,
        repeated.request_id,
        repeated.call_type,
        repeated.attempt_number,
        repeated.requested_at,
        repeated.usage_date,
        repeated.status,
        {% for column in attribution_columns() -%}
        coalesce(repeated.{{ column }}, words.{{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from repeated
    left join words
        on repeated.response_key = words.response_key
    where repeated.is_in_force

)

select * from final
