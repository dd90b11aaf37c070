{#- What of the expensive model's quality the cheap one keeps; null where the expensive one scores nothing above 0, for of
    nothing no part is kept. -#}
{%- macro retention(cheap_score, expensive_score) -%}
    case when {{ expensive_score }} > 0 then {{ ratio(cheap_score, expensive_score) }} end
{%- endmacro -%}
