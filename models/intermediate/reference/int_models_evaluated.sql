-- Cheap models that were tried, by the names they resolve to, and those a scenario swaps to: their prices are needed on
-- days on which nobody called them.
-- Grain: one row per provider (empty when not named) and model.
with

evaluated as (

    select
        cheap_provider as provider,
        cheap_model as model,
        evaluated_date
    from {{ ref('stg_canonical__paired_evaluations') }}

    union

    select
        cast(null as string) as provider,
        model,
        observed_date as evaluated_date
    from {{ ref('stg_canonical__ab_results') }}
    where arm = 'cheap'

),

names as (

    select * from {{ ref('int_names_resolved') }}

),

tried as (

    select distinct
        case when evaluated.provider is null then '' else coalesce(names.resolved_provider, evaluated.provider) end
            as provider,
        {{ evaluated_model('names', 'evaluated.model') }} as model
    from evaluated
    left join names
        on coalesce(evaluated.provider, '') = names.provider
        and evaluated.model = names.model
        and evaluated.evaluated_date >= names.valid_from_date
        and evaluated.evaluated_date < names.valid_to_date

),

final as (

    select
        provider,
        model
    from tried

    union

    select
        target_provider as provider,
        target_model as model
    from {{ ref('int_scenarios_read') }}
    where target_model is not null

)

select * from final
