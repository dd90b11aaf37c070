-- When everything that is recognised by itself is served: lines, what lines lack of an invoice, charges and accruals.
-- Grain: one row per invoice_line_id.
-- Evenly over [service_start_at, service_end_at), to the second or, with the var revenue_granularity, by whole dates;
-- what has no period, over one whole day: the day of its invoice, for credits bought ahead the day they expire.
{%- set grain = var('revenue_granularity') %}
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

accruals as (

    select * from {{ ref('int_revenue_accruals_counted') }}

),

entries as (

    select
        invoice_line_id,
        line_id,
        invoice_id,
        line_kind,
        customer_id,
        stripe_customer_id,
        product_id,
        price_id,
        subscription_id,
        invoice_status,
        currency,
        created_date,
        invoiced_date,
        invoiced_date as rate_date,
        case when is_recurring then null else credits_expired_date end as credits_expired_date,
        service_start_at,
        service_end_at,
        quantity,
        net_amount,
        usage_type,
        is_recurring,
        is_proration
    from {{ ref('int_invoice_lines_dated') }}

    union all

    select
        'accrual:' || accruals.accrual_id as invoice_line_id,
        accruals.accrual_id as line_id,
        'accrual:' || accruals.accrual_id as invoice_id,
        'accrual' as line_kind,
        accruals.customer_id,
        cast(null as string) as stripe_customer_id,
        accruals.product_id,
        cast(null as string) as price_id,
        cast(null as string) as subscription_id,
        'accrued' as invoice_status,
        accruals.currency,
        cast(null as date) as created_date,
        -- Not invoiced yet: unbilled as long as it stands.
        cast(null as date) as invoiced_date,
        least(
            case
                when accruals.service_end_at > accruals.service_start_at
                    then cast({{ dbt.dateadd('second', -1, 'accruals.service_end_at') }} as date)
                else cast(accruals.service_start_at as date)
            end,
            as_of.as_of_date
        ) as rate_date,
        cast(null as date) as credits_expired_date,
        accruals.service_start_at,
        accruals.service_end_at,
        cast(null as bigint) as quantity,
        accruals.accrued_amount as net_amount,
        'metered' as usage_type,
        false as is_recurring,
        false as is_proration
    from accruals
    cross join as_of

),

cut as (

    select
        *,
        cast({{ dbt.date_trunc(grain, 'service_start_at') }} as timestamp) as cut_start_at,
        cast({{ dbt.date_trunc(grain, 'service_end_at') }} as timestamp) as cut_end_at,
        -- The one day of what has no period. A span within one day has that day, also where days are cut.
        cast(case
            when credits_expired_date is not null then credits_expired_date
            when service_end_at > service_start_at then cast(service_start_at as date)
            else coalesce(invoiced_date, cast(service_start_at as date))
        end as timestamp) as served_at
    from entries

),

scheduled as (

    select
        *,
        case when credits_expired_date is null and cut_end_at > cut_start_at then cut_start_at else served_at end
            as scheduled_start_at,
        case
            when credits_expired_date is null and cut_end_at > cut_start_at then cut_end_at
            else cast({{ dbt.dateadd('day', 1, 'served_at') }} as timestamp)
        end as scheduled_end_at
    from cut

),

final as (

    select
        invoice_line_id,
        line_id,
        invoice_id,
        line_kind,
        customer_id,
        stripe_customer_id,
        {{ dimension_word('product_id') }} as product_id,
        price_id,
        subscription_id,
        invoice_status,
        currency,
        created_date,
        invoiced_date,
        rate_date,
        scheduled_start_at as service_start_at,
        scheduled_end_at as service_end_at,
        quantity,
        net_amount,
        usage_type,
        is_recurring,
        is_proration,
        credits_expired_date is not null as is_prepaid,
        credits_expired_date is null and coalesce(cut_end_at > cut_start_at, false) as has_period
    from scheduled

)

select * from final
