{#- Under which free-text keys Langfuse usage holds a bucket: of the alternatives the first that is there, never their
    sum. Keys with a point are parts of input or output, the others were split out of them; the total decides. -#}
{%- macro langfuse_usage_keys(bucket) -%}
    {{ return({
        'input': ['input', 'prompt_tokens', 'input_tokens'],
        'output': ['output', 'completion_tokens', 'output_tokens'],
        'total': ['total', 'total_tokens'],
        'cache_read': [
            'input_cached_tokens', 'input_cache_read', 'cache_read_input_tokens', 'input_cached',
            'cached_content_token_count', 'prompt_details.cache_read'
        ],
        'cache_write': [
            'input_cache_creation', 'input_cache_write', 'cache_creation_input_tokens', 'cache_write_tokens',
            'prompt_details.cache_write'
        ],
        'cache_write_5m': ['input_cache_creation_5m'],
        'cache_write_1h': ['input_cache_creation_1h'],
        'reasoning': [
            'output_reasoning_tokens', 'output_reasoning', 'reasoning_tokens', 'thoughts_token_count',
            'completion_details.reasoning'
        ],
        'split_input_audio': ['input_audio_tokens', 'input_audio'],
        'split_output_audio': ['output_audio_tokens', 'output_audio'],
        'input_audio': ['input_audio_tokens', 'input_audio', 'prompt_details.audio'],
        'output_audio': ['output_audio_tokens', 'output_audio', 'completion_details.audio'],
        'parts': ['prompt_details.cache_read', 'prompt_details.cache_write', 'completion_details.reasoning'],
    }[bucket]) }}
{%- endmacro -%}
