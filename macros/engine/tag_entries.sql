{#- The attribution keys a JSON list of tags holds (`name:value` or `name=value`), as json_entries. For staging only. -#}
{%- macro tag_entries(expression) -%}
    {{ return(adapter.dispatch('tag_entries')(expression)) }}
{%- endmacro -%}

{%- macro duckdb__tag_entries(expression) -%}
    list_filter(
        list_transform(
            json_transform(
                case when left(ltrim({{ expression }}), 1) = '[' and json_valid({{ expression }}) then {{ expression }} end,
                '["VARCHAR"]'
            ),
            lambda tag: {
                'name': translate(lower(trim(regexp_extract(tag, '^([^:=]+)[:=]', 1))), '-_.', ''),
                'value': trim(regexp_extract(tag, '(?s)^[^:=]+[:=](.*)$', 1))
            }
        ),
        lambda entry: entry.name in ({{ attribution_names() }})
            and {{ has_value('entry.value') }}
    )
{%- endmacro -%}

{%- macro spark__tag_entries(expression) -%}
    filter(
        transform(
            from_json({{ expression }}, 'array<string>'),
            tag -> struct(
                translate(lower(trim(regexp_extract(tag, '^([^:=]+)[:=]', 1))), '-_.', '') as name,
                trim(regexp_extract(tag, '(?s)^[^:=]+[:=](.*)$', 1)) as value
            )
        ),
        entry -> entry.name in ({{ attribution_names() }})
            and {{ has_value('entry.value') }}
    )
{%- endmacro -%}
