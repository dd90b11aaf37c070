-- FOCUS charges with the bill component each is: by the closest row of the seed focus_components, else by the words of
-- its units. A charge without a component is not AI (`out_of_scope`); one of 0 is a `zero_line`.
-- Grain: one row per landed row. Of the rows that match, one with a pattern is closer than one without, then one with a
-- service name, then one with a category; then the longer pattern. decisions.md, FOCUS charges.
{{ config(materialized='table') }}
with

charges as (

    select * from {{ ref('stg_focus__charges') }}

),

components as (

    select * from {{ ref('focus_components') }}

),

sold as (

    select distinct
        service_category,
        service_name,
        sku_id,
        sku_meter,
        charge_description
    from charges

),

matched as (

    select
        sold.service_category,
        sold.service_name,
        sold.sku_id,
        sold.sku_meter,
        sold.charge_description,
        components.component,
        row_number() over (
            partition by
                sold.service_category, sold.service_name, sold.sku_id, sold.sku_meter, sold.charge_description
            order by
                (components.sku_pattern is not null) desc, (components.service_name is not null) desc,
                (components.service_category is not null) desc, length(components.sku_pattern) desc nulls last,
                components.sku_pattern asc nulls last, components.component asc nulls last
        ) as match_rank
    from sold
    inner join components
        on (
            components.service_category is null
            or lower(trim(components.service_category)) = lower(trim(sold.service_category))
        )
        and (components.service_name is null or lower(trim(components.service_name)) = lower(trim(sold.service_name)))
        and (
            components.sku_pattern is null
            or lower(sold.sku_id) like lower(trim(components.sku_pattern))
            or lower(sold.sku_meter) like lower(trim(components.sku_pattern))
            or lower(sold.charge_description) like lower(trim(components.sku_pattern))
        )

),

final as (

    select
        charges.bill_id,
        charges.invoice_id,
        charges.customer_id,
        charges.provider,
        coalesce(matched.component, charges.default_component) as component,
        charges.kind,
        charges.model,
        charges.feature,
        charges.currency,
        charges.charge_description as description,
        charges.billed_amount,
        charges.period_from_date,
        charges.period_to_date,
        case
            when charges.skip_reason is not null then charges.skip_reason
            when coalesce(matched.component, charges.default_component) is null then 'out_of_scope'
            when charges.billed_amount = 0 then 'zero_line'
        end as skip_reason,
        charges._load_id,
        charges._source_row
    from charges
    left join matched
        on charges.service_category is not distinct from matched.service_category
        and charges.service_name is not distinct from matched.service_name
        and charges.sku_id is not distinct from matched.sku_id
        and charges.sku_meter is not distinct from matched.sku_meter
        and charges.charge_description is not distinct from matched.charge_description
        and matched.match_rank = 1

)

select * from final
