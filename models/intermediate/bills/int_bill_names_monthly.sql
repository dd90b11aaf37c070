-- What the names on bills mean in a month: who sells, and under which model tag the calls of the month are found.
-- Grain: one row per provider and model (empty text = untagged) as billed, and from_date (first day of the piece).
-- The tag is the name as billed where calls are logged under it, else the name it resolves to where calls are of that
-- model: two snapshots on one invoice are one model where the log says its alias. `all` = untagged.
{{ config(materialized='table') }}
with

pieces as (

    select * from {{ ref('int_bill_pieces') }}

),

bills as (

    select * from {{ ref('int_bills_landed') }}

),

names as (

    select * from {{ ref('int_names_resolved') }}

),

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

billed as (

    select distinct
        bills.provider,
        coalesce(bills.model, '') as model,
        pieces.from_date,
        pieces.period_start_date
    from pieces
    inner join bills
        on pieces.bill_id = bills.bill_id

),

resolved as (

    select
        billed.*,
        {{ source_word('coalesce(names.resolved_provider, billed.provider)') }} as resolved_provider,
        coalesce(names.resolved_model, billed.model) as resolved_model,
        {{ model_tag('billed.model') }} as billed_tag,
        -- A fine-tuned model is itself: the package's matching knows only its base.
        {{ model_tag(
            "case when lower(names.named_model) like 'ft:%' then names.named_model"
            ~ " else coalesce(names.resolved_model, billed.model) end"
        ) }} as resolved_tag
    from billed
    left join names
        on billed.provider = names.provider
        and billed.model = names.model
        and billed.from_date >= names.valid_from_date
        and billed.from_date < names.valid_to_date

),

used as (

    select distinct
        cast({{ dbt.date_trunc('month', 'utc_date') }} as date) as period_start_date,
        resolved_provider,
        {{ model_tag('model') }} as logged_tag,
        {{ model_tag('resolved_model') }} as resolved_tag
    from usage_rows

),

logged as (

    select distinct
        period_start_date,
        resolved_provider,
        logged_tag
    from used

),

known as (

    select
        period_start_date,
        resolved_provider,
        logged_tag as tag
    from used

    union

    select
        period_start_date,
        resolved_provider,
        resolved_tag as tag
    from used

),

final as (

    select
        resolved.provider,
        resolved.model,
        resolved.from_date,
        resolved.resolved_provider,
        nullif(resolved.resolved_model, '') as resolved_model,
        case
            when resolved.model = '' then 'all'
            when logged.logged_tag is null and known.tag is not null then resolved.resolved_tag
            else resolved.billed_tag
        end as model_tag,
        case when resolved.model = '' then 'all' else resolved.resolved_tag end as resolved_model_tag
    from resolved
    left join logged
        on resolved.period_start_date = logged.period_start_date
        and resolved.resolved_provider = logged.resolved_provider
        and resolved.billed_tag = logged.logged_tag
    left join known
        on resolved.period_start_date = known.period_start_date
        and resolved.resolved_provider = known.resolved_provider
        and resolved.resolved_tag = known.tag

)

select * from final
