{#- Whether a provider charges for a call that ended so, where the log does not say (var billed_statuses). -#}
{%- macro is_billed_by_default(status, provider) -%}
    case
        {%- for name, statuses in var('billed_statuses').items() if name != 'any' %}
        when {{ provider }} = '{{ name | lower }}' then {{ status }} in ('{{ statuses | join("', '") }}')
        {%- endfor %}
        when true then {{ status }} in ('{{ var("billed_statuses")["any"] | join("', '") }}')
    end
{%- endmacro -%}
