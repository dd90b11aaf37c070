-- Charges of clouds and vendors in the FOCUS format, AI or not. A file restates its billing period whole: rows of older
-- files are skipped as `restated`.
-- Grain: one row per landed row. What is AI is decided in int_focus_charges_scoped.
-- List, contracted, billed and effective cost stand side by side; var focus_cost picks the one that is the bill.
with

source as (

    select
        *,
        -- A row without a billing period belongs to the month of its charge.
        coalesce(
            billing_period_start, cast({{ dbt.date_trunc('month', 'charge_period_start') }} as timestamp)
        ) as period_start,
        lower(
            coalesce(consumed_unit, '') || '|' || coalesce(pricing_unit, '') || '|' || coalesce(sku_meter, '') || '|'
            || coalesce(charge_description, '')
        ) as words,
        {{ named_values('_extra') }} as column_values,
        {{ named_values('tags') }} as tag_values,
        {{ named_values('sku_price_details') }} as price_values
    from {{ source('raw', 'focus_charges') }}

),

named as (

    select

        ---------- ids: a charge has none of its own
        md5(
            {%- for column in [
                'provider_name', 'billing_account_id', 'invoice_id', 'billing_period_start', 'charge_period_start',
                'charge_period_end', 'charge_category', 'sku_id', 'sku_meter', 'resource_id', 'sub_account_id', 'tags',
                'charge_description'
            ] %}
            coalesce(cast({{ column }} as string), ''){{ " || '|' ||" if not loop.last }}
            {%- endfor %}
        ) as charge_key,
        invoice_id,
        {{ named_value('column_values', attribution_keys()['customer_id'], prefix='x_') }} as column_customer_id,
        {{ named_value('tag_values', attribution_keys()['customer_id']) }} as tag_customer_id,

        ---------- strings
        case lower(trim(provider_name))
            when 'microsoft' then 'azure'
            when 'google cloud' then 'google'
            else lower(trim(provider_name))
        end as provider,
        case
            when lower(charge_category) in ('tax', 'credit') then lower(charge_category)
            when lower(charge_category) = 'adjustment' or lower(charge_class) = 'correction' then 'adjustment'
            when lower(charge_category) = 'purchase' then 'commitment'
            else 'usage'
        end as kind,
        service_category,
        service_name,
        sku_id,
        sku_meter,
        charge_description,
        -- Without a row of the seed: an AI service that counts tokens sells a model, one that does not the machines
        -- and disks around it.
        case
            when lower(trim(service_category)) <> 'ai and machine learning' then null
            when words like '%token%' and words like '%embed%' then 'embedding'
            when words like '%token%' then 'llm_api'
            else 'other_ai'
        end as default_component,
        trim(coalesce(
            {{ named_value('price_values', 'ModelId') }}, {{ named_value('column_values', 'x_ModelId') }}
        )) as model,
        {{ named_value('column_values', attribution_keys()['feature'], prefix='x_') }} as column_feature,
        {{ named_value('tag_values', attribution_keys()['feature']) }} as tag_feature,
        billing_currency as currency,

        ---------- money, in billing_currency
        {{ money('list_cost') }} as list_amount,
        {{ money('contracted_cost') }} as contracted_amount,
        {{ money('billed_cost') }} as invoiced_amount,
        {{ money('effective_cost') }} as effective_amount,
        {{ money('coalesce(effective_cost, 0)' if var('focus_cost') == 'effective' else 'billed_cost') }}
            as billed_amount,

        ---------- dates: the end rounds up to a day
        cast(charge_period_start as date) as period_from_date,
        case
            when charge_period_end > cast(cast(charge_period_end as date) as timestamp)
                then cast({{ dbt.dateadd('day', 1, 'cast(charge_period_end as date)') }} as date)
            else cast(charge_period_end as date)
        end as period_end_date,

        ---------- versions
        max(_load_id) over (partition by provider_name, billing_account_id, period_start) as newest_load_id,
        _load_id,
        _source_row

    from source

),

final as (

    select
        -- Equal charges of a file are told apart by their order in it.
        md5(charge_key || '|' || cast(row_number() over (
            partition by charge_key, _load_id
            order by _source_row asc nulls last
        ) as string)) as bill_id,
        invoice_id,
        {{ whole_id('coalesce(column_customer_id, tag_customer_id)') }} as customer_id,
        provider,
        kind,
        service_category,
        service_name,
        sku_id,
        sku_meter,
        charge_description,
        default_component,
        model,
        coalesce(column_feature, tag_feature) as feature,
        currency,
        list_amount,
        contracted_amount,
        invoiced_amount,
        effective_amount,
        billed_amount,
        period_from_date,
        case
            when period_end_date > period_from_date then period_end_date
            else cast({{ dbt.dateadd('day', 1, 'period_from_date') }} as date)
        end as period_to_date,
        case when _load_id < newest_load_id then 'restated' end as skip_reason,
        _load_id,
        _source_row
    from named

)

select * from final
