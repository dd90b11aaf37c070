-- An id that some frame made `1042.0` is `1042`; a name stays as logged: feature `2.0` is the bill's `2.0`.
{% set cases = {
    'customer_id': ('1042.0', '1042'), 'team': ('7.0', '7'), 'feature': ('2.0', '2.0'), 'use_case': ('2.0', '2.0'),
    'workflow': ('2.0', '2.0'), 'step': ('2.0', '2.0'),
} %}
{% set said = {} %}
{% for target, (logged, _) in cases.items() -%}
{% do said.update({attribution_keys()[target][0]: logged}) -%}
{% endfor -%}
with

said as (

    select {{ json_entries("'" ~ tojson(said) ~ "'") }} as entries

),

answers as (

    {% for target, (_, expected) in cases.items() %}
    select
        '{{ target }}' as target,
        '{{ expected }}' as expected,
        {{ attribution(target, 'entries') }} as actual
    from said
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from answers
where actual is distinct from expected
