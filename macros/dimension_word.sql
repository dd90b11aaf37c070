{#- Text dimensions are words, never null; `all`, `internal` and `unattributed` are our own words (source_word).
    For names as their source has them: what is a word already is only coalesced. -#}
{%- macro dimension_word(expression) -%}
    coalesce({{ source_word(expression) }}, 'unattributed')
{%- endmacro -%}
