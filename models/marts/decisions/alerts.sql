-- What needs a person today: every finding of every kind, and whether the last release already said so.
-- Grain: one row per kind and subject; the subject is the key as it stands in the mart the finding is of.
-- Kinds, floors and what to do stand in the seed alert_kinds. decisions.md, Alerts.
{% set findings = [
    'metrics', 'margins', 'limits', 'anomalies', 'bills', 'shares', 'vendors', 'evidence', 'sources', 'launches',
    'payers', 'savings'
] %}
{% set has_action = ['metrics', 'savings'] %}
with

findings as (

    {% for name in findings -%}
    select
        kind,
        subject_kind,
        subject,
        since_date,
        value,
        threshold,
        unit,
        dollars_usd,
        {{ 'action' if name in has_action else 'cast(null as string)' }} as action
    from {{ ref('int_alerts_' ~ name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

reported as (

    select * from {{ ref('int_alerts_reported') }}

),

final as (

    select
        findings.kind,
        findings.subject_kind,
        findings.subject,
        -- A source may fall silent after the last call, a release be dated ahead: no finding begins after as_of_date.
        least(coalesce(findings.since_date, as_of.as_of_date), as_of.as_of_date) as since_date,
        findings.value,
        findings.threshold,
        findings.unit,
        findings.dollars_usd,
        coalesce(kinds.dollars_label, '') as dollars_label,
        coalesce(kinds.action, findings.action) as action,
        kinds.position,
        reported.subject is null as is_new
    from findings
    cross join {{ ref('int_as_of_date') }} as as_of
    inner join {{ ref('alert_kinds') }} as kinds
        on findings.kind = kinds.kind
    left join reported
        on
            findings.kind = reported.kind
            and findings.subject = reported.subject
    where
        as_of.as_of_date is not null
        -- What a finding costs is not known of every kind.
        and coalesce(findings.dollars_usd >= kinds.minimum_usd, true)

)

select * from final
