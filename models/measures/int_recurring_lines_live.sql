-- The recurring lines that are somebody's price at the last second of each week and month that is over.
-- Grain: one row per period_grain, period_start_date and invoice_line_id.
-- Of a subscription and price the newest line holds. A credit ends the lines of its price that began before it,
-- whatever the cent makes of the rest. Out are lines on trial, of a subscription that had ended, and lines that
-- reductions took.
with

periods as (

    -- dim_dates ends on some day: a period is whole when its last day is over.
    {% for grain, step, count in [('week', 'day', 7), ('month', 'month', 1)] %}
    {%- set next_date = 'cast(' ~ dbt.dateadd(step, count, 'dates.' ~ grain ~ '_start_date') ~ ' as date)' %}
    select distinct
        '{{ grain }}' as period_grain,
        dates.{{ grain }}_start_date as period_start_date,
        cast({{ dbt.dateadd('day', -1, next_date) }} as date) as last_date,
        cast({{ dbt.dateadd('day', -1, 'dates.' ~ grain ~ '_start_date') }} as date) as last_date_before,
        cast({{ dbt.dateadd('second', -1, 'cast(' ~ next_date ~ ' as timestamp)') }} as timestamp) as last_second_at
    from {{ ref('dim_dates') }} as dates
    inner join {{ ref('int_as_of_date') }} as as_of
        on cast({{ dbt.dateadd('day', -1, next_date) }} as date) <= as_of.as_of_date
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

live as (

    select
        periods.period_grain,
        periods.period_start_date,
        periods.last_date,
        periods.last_date_before,
        lines.*,
        coalesce(lines.subscription_id, lines.customer_id) as billed_by
    from periods
    inner join {{ ref('int_recurring_lines_monthly') }} as lines
        on periods.last_second_at >= lines.service_start_at
        and periods.last_second_at < lines.service_end_at
    left join {{ ref('int_line_segments') }} as segments
        on lines.invoice_line_id = segments.invoice_line_id
        and periods.last_date >= segments.segment_from_date
        and periods.last_date < segments.segment_to_date
    where
        (lines.stopped_at is null or periods.last_second_at < lines.stopped_at)
        and not coalesce(
            periods.last_second_at >= lines.trial_start_at and periods.last_second_at < lines.trial_end_at, false
        )
        -- What a reduction of all leaves is cents.
        and (
            segments.invoice_line_id is null
            or abs(segments.segment_amount) > {{ money('abs(lines.net_amount) * 0.01') }}
            or lines.net_amount = 0
        )

),

credited as (

    -- Lines beside the credits of their price that may end them.
    select
        live.period_grain,
        live.period_start_date,
        live.invoice_line_id,
        live.service_start_at,
        live.invoiced_date,
        live.net_amount,
        credits.service_start_at as credit_start_at,
        credits.invoiced_date as credit_invoiced_date,
        credits.net_amount as credit_net_amount,
        min(live.service_start_at) over (
            partition by live.period_grain, live.period_start_date, credits.invoice_line_id
        ) as first_start_at,
        rank() over (
            partition by live.period_grain, live.period_start_date, credits.invoice_line_id, live.net_amount
            order by
                live.service_start_at asc nulls last, live.invoiced_date asc nulls last,
                case when live.invoice_id = credits.invoice_id then 2 else 1 end asc nulls last
        ) as amount_rank
    from live
    inner join live as credits
        on
            live.period_grain = credits.period_grain
            and live.period_start_date = credits.period_start_date
            and live.customer_id = credits.customer_id
            and live.price_id = credits.price_id
            and coalesce(live.subscription_id = credits.subscription_id, true)
    where credits.is_credit and not live.is_credit

),

ended as (

    select distinct
        period_grain,
        period_start_date,
        invoice_line_id
    from credited
    where
        credit_start_at > service_start_at
        -- Taken back from its first second on; a credit that ends an older line, or one invoiced earlier, ends that alone.
        or (credit_start_at = service_start_at and credit_invoiced_date > invoiced_date)
        or (
            credit_start_at = service_start_at and first_start_at = service_start_at
            and credit_net_amount = -net_amount and amount_rank = 1
        )

),

ranked as (

    -- A price by tiers is several lines of one invoice; without a subscription nobody knows which replaced which.
    select
        live.*,
        rank() over (
            partition by live.period_grain, live.period_start_date, live.customer_id, live.billed_by, live.price_id
            order by
                live.service_start_at desc nulls last,
                case when live.subscription_id is not null then live.invoiced_date end desc nulls last,
                case when live.subscription_id is not null then live.invoice_id end desc nulls last
        ) as age_rank
    from live
    left join ended
        on
            live.period_grain = ended.period_grain
            and live.period_start_date = ended.period_start_date
            and live.invoice_line_id = ended.invoice_line_id
    where not live.is_credit and ended.invoice_line_id is null

),

final as (

    select
        period_grain,
        period_start_date,
        last_date,
        last_date_before,
        invoice_line_id,
        customer_id,
        subscription_id,
        price_id,
        currency,
        usd_per_unit,
        monthly_amount
    from ranked
    where age_rank = 1

)

select * from final
