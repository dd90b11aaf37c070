-- The one reading of names: what a provider and model, as anybody names them, mean on a UTC date.
-- Grain: one row per provider, model and valid_from_date: a span of dates between two changes of its aliases.
-- Every name of the logs, bills, jobs, reports and evaluations is in here (raw.model_resolutions lists them); an empty
-- provider names no seller, an empty model no model: a line that is for all of them.
-- First the dated alias, an empty half of it as named; then the seller's name and the package's matching, as landed. A
-- name nobody knows keeps itself. decisions.md, Names.
{{ config(materialized='table') }}
with

resolutions as (

    select * from {{ ref('stg_price_book__model_resolutions') }}

),

sellers as (

    select * from resolutions
    where model = ''

),

aliases as (

    select
        lower(trim(provider)) as provider,
        lower(trim(model)) as model,
        lower(trim(resolved_provider)) as resolved_provider,
        trim(resolved_model) as resolved_model,
        coalesce(valid_from_date, cast('0001-01-01' as date)) as valid_from_date,
        coalesce(valid_to_date, cast('9999-12-31' as date)) as valid_to_date
    from {{ ref('model_aliases') }}
    where coalesce(provider, model) is not null

),

-- The package's own names need no resolving: an alias written after the last landing finds them too.
book as (

    select distinct
        book_provider,
        model
    from {{ ref('stg_price_book__model_prices') }}

),

matched as (

    select
        resolutions.provider,
        resolutions.model,
        coalesce(aliases.resolved_provider, resolutions.provider) as named_provider,
        coalesce(aliases.resolved_model, resolutions.model) as named_model,
        aliases.valid_from_date,
        aliases.valid_to_date,
        -- An alias of the model is closer than one of all its provider's models, one of the provider closer than one
        -- of any provider, the newest closer than an older one. A provider goes by its own name and by its seller's.
        row_number() over (
            partition by resolutions.provider, resolutions.model
            order by
                (aliases.model is not null) desc, (aliases.provider is not null) desc,
                (aliases.provider = resolutions.provider) desc nulls last, aliases.valid_from_date desc nulls last,
                aliases.resolved_provider asc nulls last, aliases.resolved_model asc nulls last
        ) as alias_rank
    from resolutions
    left join sellers
        on resolutions.provider = sellers.provider
    inner join aliases
        on (aliases.model is null or aliases.model = lower(resolutions.model))
        and (aliases.provider is null or aliases.provider in (resolutions.provider, sellers.resolved_provider))

),

changes as (

    {% for change_date, relation in [
        ("cast('0001-01-01' as date)", 'resolutions'), ('valid_from_date', 'matched'), ('valid_to_date', 'matched'),
    ] %}
    select
        provider,
        model,
        {{ change_date }} as change_date
    from {{ relation }}
    {{ 'union' if not loop.last }}
    {% endfor %}
),

spans as (

    select
        provider,
        model,
        change_date as valid_from_date,
        lead(change_date) over (partition by provider, model order by change_date asc nulls last) as valid_to_date
    from changes

),

named as (

    select
        spans.provider,
        spans.model,
        spans.valid_from_date,
        coalesce(spans.valid_to_date, cast('9999-12-31' as date)) as valid_to_date,
        coalesce(matched.named_provider, spans.provider) as named_provider,
        coalesce(matched.named_model, spans.model) as named_model,
        row_number() over (
            partition by spans.provider, spans.model, spans.valid_from_date
            order by matched.alias_rank asc nulls last
        ) as span_rank
    from spans
    left join matched
        on spans.provider = matched.provider
        and spans.model = matched.model
        and spans.valid_from_date >= matched.valid_from_date
        and spans.valid_from_date < matched.valid_to_date
    where spans.valid_from_date < cast('9999-12-31' as date)

),

final as (

    select
        named.provider,
        named.model,
        named.valid_from_date,
        named.valid_to_date,
        named.named_model,
        coalesce(models.resolved_provider, sellers.resolved_provider, nullif(named.named_provider, ''))
            as resolved_provider,
        coalesce(models.book_model, book.model, named.named_model) as resolved_model,
        coalesce(models.book_provider, book.book_provider) as book_provider,
        coalesce(models.book_model, book.model) as book_model,
        coalesce(sellers.resolved_provider, named.named_provider) = 'self_hosted' as is_self_hosted
    from named
    left join resolutions as models
        on named.named_provider = models.provider
        and named.named_model = models.model
    left join sellers
        on named.named_provider = sellers.provider
    left join book
        on models.provider is null
        and coalesce(sellers.resolved_provider, named.named_provider) = book.book_provider
        and named.named_model = book.model
    where named.span_rank = 1

)

select * from final
