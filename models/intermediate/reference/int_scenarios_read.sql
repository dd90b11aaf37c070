-- The rows of the seed scenarios as they are understood: what each moves, by how much, and what nobody can replay.
-- Grain: one row per rule_number, which is one of scenario, lever and scope.
-- A name is read as of today: the target of a swap is what it resolves to now. decisions.md, Scenarios.
{% set multiples = "'price', 'plan_price', 'unsubsidised'" %}
{% set customer_scopes = ['all', 'customer', 'plan', 'segment', 'business_model'] %}
with

rules as (

    select
        trim(scenario) as scenario,
        coalesce(lower(trim(lever)), '') as lever,
        coalesce(nullif(lower(trim(scope_dimension)), ''), 'all') as stated_dimension,
        coalesce(nullif(lower(trim(scope_value)), ''), 'all') as scope_value,
        trim(value) as stated_value
    from {{ ref('scenarios') }}

),

split as (

    -- A model's own name may hold a slash.
    select
        *,
        case when lever in ({{ multiples }}) then try_cast(stated_value as decimal(9, 6)) end as price_multiple,
        case when lever = 'cache_rate' then try_cast(stated_value as decimal(9, 6)) end as hit_ratio,
        case when lever = 'quota' then try_cast(stated_value as decimal(18, 0)) end as quota_tokens,
        case when lever = 'model_swap' then nullif(lower(trim(split_part(stated_value, '/', 1))), '') end
            as named_provider,
        case
            when lever = 'model_swap'
                then nullif(trim(substr(stated_value, length(split_part(stated_value, '/', 1)) + 2)), '')
        end as named_model
    from rules

),

names as (

    select * from {{ ref('int_names_resolved') }}
    where valid_to_date = cast('9999-12-31' as date)

),

named as (

    select
        split.*,
        case when split.named_model is not null then coalesce(names.resolved_provider, split.named_provider) end
            as target_provider,
        case when split.named_model is not null then {{ evaluated_model('names', 'split.named_model') }} end
            as target_model
    from split
    left join names
        on split.named_provider = names.provider
        and split.named_model = names.model

),

final as (

    select
        cast(row_number() over (
            order by
                scenario asc nulls last, lever asc nulls last, stated_dimension asc nulls last,
                scope_value asc nulls last
        ) as bigint) as rule_number,
        scenario,
        lever,
        -- Everything of a dimension is everything.
        case when scope_value = 'all' then 'all' else stated_dimension end as scope_dimension,
        scope_value,
        price_multiple,
        hit_ratio,
        cast(quota_tokens as bigint) as quota_tokens,
        target_provider,
        target_model,
        case
            when lever not in ({{ multiples }}, 'model_swap', 'cache_rate', 'quota') then 'unknown_lever'
            when
                stated_dimension not in ('{{ usage_dimensions() | join("', '") }}')
                or (stated_dimension = 'all' and scope_value <> 'all')
                or (lever = 'quota' and stated_dimension not in ('{{ customer_scopes | join("', '") }}'))
                or (
                    lever = 'plan_price'
                    and stated_dimension not in ('{{ (customer_scopes + ["product"]) | join("', '") }}')
                )
                then 'unknown_scope'
            when lever = 'model_swap' and target_provider is null then 'unknown_model'
            when lever = 'model_swap' and target_model is null then 'unknown_model'
            when lever = 'model_swap' then 'known'
            when hit_ratio > 1 or coalesce(price_multiple, hit_ratio, quota_tokens, -1) < 0 then 'bad_value'
            else 'known'
        end as rule_status
    from named

)

select * from final
