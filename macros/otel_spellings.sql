{#- Under which attributes OpenTelemetry spans hold a thing: the conventions of today and before, then OpenInference, the
    Vercel AI SDK, OpenLLMetry and others; the first that is there, newest first. -#}
{%- macro otel_spellings(thing) -%}
    {{ return({
        'operation': ['gen_ai.operation.name', 'openinference.span.kind', 'llm.request.type', 'ai.operationId'],
        'model': ['gen_ai.response.model', 'ai.response.model', 'gen_ai.request.model', 'ai.model.id', 'llm.model_name'],
        'asked_model': ['gen_ai.request.model', 'ai.model.id', 'llm.model_name'],
        'response_id': ['gen_ai.response.id', 'ai.response.id'],
        'service_tier': ['openai.response.service_tier', 'gen_ai.openai.response.service_tier'],
        'input': [
            'gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'ai.usage.inputTokens', 'ai.usage.promptTokens',
            'llm.token_count.prompt', 'llm.usage.prompt_tokens'
        ],
        'output': [
            'gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'ai.usage.outputTokens',
            'ai.usage.completionTokens', 'llm.token_count.completion', 'llm.usage.completion_tokens'
        ],
        'total': ['gen_ai.usage.total_tokens', 'llm.token_count.total', 'llm.usage.total_tokens'],
        'cache_read': [
            'gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens',
            'gen_ai.usage.input_tokens.cached', 'gen_ai.usage.input_cached_tokens',
            'gen_ai.usage.details.cache_read_tokens', 'gen_ai.usage.prompt_tokens_details.cached_tokens',
            'ai.usage.cachedInputTokens', 'ai.usage.inputTokenDetails.cacheReadTokens',
            'llm.token_count.prompt_details.cache_read'
        ],
        'cache_write': [
            'gen_ai.usage.cache_write.input_tokens', 'gen_ai.usage.cache_creation.input_tokens',
            'gen_ai.usage.cache_creation_input_tokens', 'gen_ai.usage.cache_write_input_tokens',
            'gen_ai.usage.input_tokens.cache_write', 'gen_ai.usage.details.cache_write_tokens',
            'gen_ai.usage.prompt_tokens_details.cache_creation_tokens', 'ai.usage.inputTokenDetails.cacheWriteTokens',
            'llm.token_count.prompt_details.cache_write'
        ],
        'reasoning': [
            'gen_ai.usage.reasoning.output_tokens', 'gen_ai.usage.reasoning_tokens',
            'gen_ai.usage.output_tokens.reasoning', 'gen_ai.usage.completion_tokens_details.reasoning_tokens',
            'ai.usage.reasoningTokens', 'llm.token_count.completion_details.reasoning', 'llm.usage.reasoning_tokens'
        ],
        'input_audio': ['llm.token_count.prompt_details.audio'],
        'output_audio': ['llm.token_count.completion_details.audio'],
    }[thing]) }}
{%- endmacro -%}
