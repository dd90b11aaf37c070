-- Every expensive model in use and cheap model tried in its place, with the sellers the evaluations name last.
-- Grain: one row per use_case, expensive_model and cheap_model.
-- A small table: planned once, not again by every reader.
{{ config(materialized='table') }}
with

evaluations as (

    select * from {{ ref('int_evaluations_scored') }}

),

ab_tests as (

    select * from {{ ref('int_ab_tests_compared') }}

),

ranked as (

    select
        use_case,
        expensive_model,
        cheap_model,
        expensive_provider,
        cheap_provider,
        row_number() over (
            partition by use_case, expensive_model, cheap_model
            order by evaluated_at desc nulls last, evaluation_id asc nulls last
        ) as recency_rank
    from evaluations

),

named as (

    select
        use_case,
        expensive_model,
        cheap_model,
        expensive_provider,
        cheap_provider
    from ranked
    where recency_rank = 1

    union all

    select
        ab_tests.use_case,
        ab_tests.expensive_model,
        ab_tests.cheap_model,
        cast(null as string) as expensive_provider,
        cast(null as string) as cheap_provider
    from ab_tests

),

final as (

    select
        use_case,
        expensive_model,
        cheap_model,
        max(expensive_provider) as expensive_provider,
        max(cheap_provider) as cheap_provider
    from named
    group by
        use_case,
        expensive_model,
        cheap_model

)

select * from final
