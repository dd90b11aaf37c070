{#- The objects nested in a spend log, level by level: of each its name and how it is read from the levels above. An alias
    used in its own list is written out again wherever it stands, so that each level is a step of its own. -#}
{%- macro litellm_objects() -%}
    {{ return([
        {'metadata_map': json_map('metadata')},
        {
            'usage_map': json_map("metadata_map['usage_object']"),
            'breakdown_map': json_map("metadata_map['cost_breakdown']"),
            'model_map': json_map("metadata_map['model_map_information']"),
            'error_map': json_map("metadata_map['error_information']"),
        },
        {
            'prompt_map': json_map("usage_map['prompt_tokens_details']"),
            'completion_map': json_map("usage_map['completion_tokens_details']"),
            'tools_map': json_map("usage_map['server_tool_use']"),
            'older_writes_map': json_map("usage_map['cache_creation']"),
        },
        {'writes_map': 'coalesce(' ~ json_map("prompt_map['cache_creation_token_details']") ~ ', older_writes_map)'},
    ]) }}
{%- endmacro -%}
