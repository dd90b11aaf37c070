-- What needs a person: new findings first, then the most urgent kinds, of each the dearest. A customer, payer or user
-- goes by the customer's name.
-- Grain: one row per kind and subject.
with

named as (

    select
        alerts.*,
        case alerts.subject_kind
            when 'customer' then alerts.subject
            when 'payer' then alerts.subject
            when 'customer_feature'
                then replace(regexp_extract(alerts.subject, '^((?:[^/]|//)*) / ', 1), '//', '/')
            when 'user' then (
                select max(anomalies.customer_id)
                from marts.usage_anomalies_daily as anomalies
                where
                    anomalies.dimension = 'user'
                    and anomalies.dimension_value = alerts.subject
            )
        end as customer_id
    from marts.alerts as alerts

)

select
    named.kind,
    coalesce(nullif(customers.customer_name, ''), named.customer_id) as customer_name,
    case named.subject_kind
        when 'feature' then named.subject
        when 'customer_feature' then nullif(regexp_extract(named.subject, '^(?:[^/]|//)* / (.*)$', 1), 'all')
    end as feature,
    coalesce(scorecard.metric_name, named.subject) as subject,
    named.since_date,
    cast(named.value as double) as measured_value,
    cast(named.threshold as double) as threshold,
    named.unit,
    cast(named.dollars_usd as double) as dollars_usd,
    named.dollars_label,
    named.action,
    named.is_new
from named
left join marts.dim_customers as customers
    on named.customer_id = customers.customer_id
left join marts.scorecard as scorecard
    on
        named.subject_kind = 'metric'
        and named.subject = scorecard.metric
order by
    named.is_new desc nulls last,
    named.position asc nulls last,
    named.dollars_usd desc nulls last,
    named.kind asc nulls last,
    named.subject asc nulls last
