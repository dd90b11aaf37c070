-- Who bills, by the names the calls resolve to: dated alias first, then the package's matching.
-- Grain: one row per provider, model_tag and period_from_date of the bills.
-- An untagged bill follows only an alias that is for every model of its provider.
with

bills as (

    select distinct
        provider,
        model_tag,
        period_from_date
    from {{ ref('int_bills_landed') }}

),

aliases as (

    select * from {{ ref('model_aliases') }}

),

resolutions as (

    select * from {{ ref('stg_price_book__model_resolutions') }}

),

aliased as (

    select
        bills.provider,
        bills.model_tag,
        bills.period_from_date,
        lower(trim(coalesce(aliases.resolved_provider, bills.provider))) as named_provider,
        trim(aliases.resolved_model) as alias_model,
        row_number() over (
            partition by bills.provider, bills.model_tag, bills.period_from_date
            order by (aliases.model is not null) desc, aliases.valid_from_date desc nulls last,
            aliases.resolved_provider asc nulls last, aliases.resolved_model asc nulls last
        ) as alias_rank
    from bills
    left join aliases
        on bills.provider = lower(trim(aliases.provider))
        and (aliases.model is null or lower(trim(aliases.model)) = bills.model_tag)
        and (aliases.valid_from_date is null or aliases.valid_from_date <= bills.period_from_date)
        and (aliases.valid_to_date is null or aliases.valid_to_date > bills.period_from_date)

),

final as (

    select
        aliased.provider,
        aliased.model_tag,
        aliased.period_from_date,
        coalesce(sellers.resolved_provider, aliased.named_provider) as resolved_provider,
        coalesce(models.book_model, aliased.alias_model) as resolved_model
    from aliased
    -- A row without a model says who the seller is.
    left join resolutions as sellers
        on aliased.named_provider = sellers.provider
        and sellers.model = ''
    left join resolutions as models
        on aliased.named_provider = models.provider
        and coalesce(aliased.alias_model, aliased.model_tag) = models.model
    where aliased.alias_rank = 1

)

select * from final
