{#- Whether a text says something: the words with which programs write that there is nothing are no value. Asks the text
    twice; null for null. In Python: NO_VALUE_WORDS of scripts/landing/cells.py. -#}
{%- macro has_value(text) -%}
    (lower({{ text }}) not in ('', 'none', 'null') and {{ text }} <> 'NaN')
{%- endmacro -%}
