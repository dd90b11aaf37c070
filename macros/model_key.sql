{#- The key of a model in dim_models and the facts, `provider / model` as logged; `unattributed` where neither is known.
    A model's name alone is no key: several providers sell it. -#}
{%- macro model_key(provider, model) -%}
    case
        when {{ provider }} = 'unattributed' and {{ model }} = 'unattributed' then 'unattributed'
        else {{ subject_of([provider, model]) }}
    end
{%- endmacro -%}
