{#- The model that an evaluation speaks of, by the joined row of int_names_resolved: what the name resolves to; a
    fine-tuned model is itself, an unknown name stays as it is. -#}
{%- macro evaluated_model(names, model) -%}
    case
        when lower({{ names }}.named_model) like 'ft:%' then {{ names }}.named_model
        else coalesce({{ names }}.resolved_model, {{ model }})
    end
{%- endmacro -%}
