-- An id that some frame made `1042.0` is `1042`; a name stays as logged: feature `2.0` is the bill's `2.0`.
{% set said = '{"customer_id": "1042.0", "team": "7.0", "feature": "2.0", "use_case": "2.0", "workflow": "2.0", "step": "2.0"}' %}
with

said as (

    select {{ json_entries("'" ~ said ~ "'") }} as entries

),

cases as (

    {% for target, expected in {
        'customer_id': '1042', 'team': '7', 'feature': '2.0', 'use_case': '2.0', 'workflow': '2.0', 'step': '2.0',
    }.items() %}
    select
        '{{ target }}' as target,
        '{{ expected }}' as expected,
        {{ attribution(target, 'entries') }} as actual
    from said
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from cases
where actual is distinct from expected
