{#- Says what has to be written before a model notes what was built, and refuses a run that leaves out some of it: those
    models would stay as they are for good. -#}
{%- macro require_whole_build(models) -%}
    {%- for name in models -%}
        {%- do ref(name) -%}
        {%- if execute and flags.WHICH in ['build', 'run']
            and 'model.ai_unit_economics.' ~ name not in selected_resources -%}
            {{ exceptions.raise_compiler_error(
                this.identifier ~ " notes what was built, and this run leaves out " ~ name
                ~ ": build the whole project, or exclude '*_built'; the next whole build then does these days again"
            ) }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro -%}
