{#- Whether a provider charges for a call that ended so, where the log does not say (var billed_statuses): the provider
    that the name means, or the name as logged. -#}
{%- macro is_billed_by_default(status, resolved_provider, provider) -%}
    case
        {%- for name, statuses in var('billed_statuses').items() if name != 'any' %}
        when '{{ name | lower }}' in ({{ resolved_provider }}, {{ provider }})
            then {{ status }} in ('{{ statuses | join("', '") }}')
        {%- endfor %}
        when true then {{ status }} in ('{{ var("billed_statuses")["any"] | join("', '") }}')
    end
{%- endmacro -%}
