-- What each recurring line is worth a month, and how long its subscription lets it count.
-- Grain: one row per invoice_line_id; lines a subscription that is unpaid or incomplete never got paid are left out.
-- The price times the quantity, so that a flat price is flat; without a price the net amount, scaled from the part of
-- its interval the line is for. A year is 12 months, a week 12/52, a day 12/365. Only a coupon for ever is a lower
-- price. A subscription is known as it is today: one that starts anew in a later export moves months gone by.
with

lines as (

    select * from {{ ref('int_recurring_lines') }}

),

subscriptions as (

    select * from {{ ref('stg_stripe__subscriptions') }}

),

joined as (

    select
        lines.*,
        coalesce(subscriptions.discount_duration = 'forever', false) as has_coupon,
        subscriptions.discount_percent,
        case
            when subscriptions.subscription_status = 'trialing'
                then coalesce(subscriptions.trial_start_at, subscriptions.started_at, lines.service_start_at)
            else subscriptions.trial_start_at
        end as trial_start_at,
        case
            when subscriptions.subscription_status = 'trialing'
                then coalesce(subscriptions.trial_end_at, cast('9999-12-31' as timestamp))
            else subscriptions.trial_end_at
        end as trial_end_at,
        -- A cancellation at the end of the period has no end yet.
        coalesce(
            subscriptions.ended_at,
            case
                when subscriptions.subscription_status = 'canceled' and not subscriptions.is_ending_with_period
                    then subscriptions.canceled_at
            end
        ) as stopped_at
    from lines
    left join subscriptions
        on lines.subscription_id = subscriptions.subscription_id
    where
        coalesce(subscriptions.subscription_status, '') not in ('unpaid', 'incomplete', 'incomplete_expired')
        or lines.invoice_status = 'paid'

),

-- The amount is for part ÷ whole of a month: months of the interval as a fraction, times the line's part of it.
measured as (

    select
        *,
        case
            when unit_amount is not null and (recurring_interval is not null or whole_months is not null)
                then {{ money('cast(unit_amount as decimal(22, 12)) * cast(quantity as decimal(12, 0))') }}
        end as priced_amount,
        case recurring_interval
            when 'week' then 52
            when 'day' then 365
            else 1
        end as months_below,
        case
            when recurring_interval = 'month' then interval_count
            when recurring_interval in ('year', 'week', 'day') then 12 * interval_count
            else whole_months
        end as months_above
    from joined

),

scaled as (

    select
        *,
        case
            when priced_amount is not null and has_coupon and discount_percent is not null
                then {{ shared_part('priced_amount', '100 - discount_percent', '100') }}
            when priced_amount is not null and has_coupon
                then {{ shared_part(
                    'priced_amount', 'amount_minor_units - discount_minor_units', 'amount_minor_units', 0
                ) }}
            else coalesce(priced_amount, net_amount)
        end as interval_amount,
        case
            when months_above is null then 365 * 86400
            when priced_amount is not null or whole_months is not null then months_below
            else months_below * interval_seconds
        end as part,
        case
            when months_above is null then 12 * service_seconds
            when priced_amount is not null or whole_months is not null then months_above
            else months_above * service_seconds
        end as whole
    from measured

),

final as (

    select
        invoice_line_id,
        invoice_id,
        customer_id,
        subscription_id,
        price_id,
        currency,
        usd_per_unit,
        invoiced_date,
        service_start_at,
        service_end_at,
        trial_start_at,
        trial_end_at,
        stopped_at,
        net_amount,
        {{ shared_part('interval_amount', 'part', 'whole', 0) }} as monthly_amount,
        is_credit
    from scaled

)

select * from final
