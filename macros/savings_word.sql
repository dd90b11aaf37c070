{#- What savings_levers() says of the column `lever` under a key: a word, or for `action` an expression. -#}
{%- macro savings_word(key) -%}
    case lever
        {% for lever, about in savings_levers().items() -%}
        when '{{ lever }}' then {{ about[key] if key == 'action' else "'" ~ about[key] ~ "'" }}
        {% endfor %}
    end
{%- endmacro -%}
