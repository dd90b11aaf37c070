{#- Whether a name is made of the model's name (`chat gpt-5`): it is no step then, or a retry on another model would be a
    second request. The model may be the dated one, the name the alias: a first or last word that the model starts with. -#}
{%- macro names_model(name, model) -%}
    (
        instr(lower({{ name }}), lower({{ model }})) > 0
        or (length(split_part({{ name }}, ' ', -1)) > 3
            and instr(lower({{ model }}), lower(split_part({{ name }}, ' ', -1))) = 1)
        or (length(split_part({{ name }}, ' ', 1)) > 3
            and instr(lower({{ model }}), lower(split_part({{ name }}, ' ', 1))) = 1)
    )
{%- endmacro -%}
