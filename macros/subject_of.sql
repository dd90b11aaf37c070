{#- A key of several columns as one text, `a / b`; slashes are doubled in all but the last part, so that two keys stay
    two, as in usage_anomalies_daily. -#}
{%- macro subject_of(columns) -%}
    {%- for column in columns -%}
    {{ column if loop.last else "replace(" ~ column ~ ", '/', '//') || ' / ' || " }}
    {%- endfor -%}
{%- endmacro -%}
