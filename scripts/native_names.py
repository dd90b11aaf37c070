"""The model names in the logs of other programs, as SQL over their raw tables: rows of (provider, model).

Which of several spellings a call goes by is decided in staging. Here every provider and every model that stands in the
same row is named, so that the price book is asked for whatever staging may choose; a name too many costs a row.
"""

# A value behind one of some keys, in JSON text or in JSON text inside of a text.
VALUE = r'\\*"\s*:\s*\\*"([^"\\]+)'
PROVIDER_KEYS = (
    r"(?:gen_ai\.provider\.name|gen_ai\.system|ai\.model\.provider|llm\.provider|llm\.system|ls_provider)" + VALUE
)
MODEL_KEYS = (
    r"(?:gen_ai\.response\.model|ai\.response\.model|gen_ai\.request\.model|ai\.model\.id|llm\.model_name)" + VALUE
)

# Table -> the lists of providers and of models in a row, as SQL.
LISTS = {
    "litellm_spend_logs": (
        "[custom_llm_provider]",
        rf"list_append(regexp_extract_all(metadata, 'model_map_key{VALUE}', 1), model)",
    ),
    "langfuse_observations": (
        f"regexp_extract_all(metadata, '{PROVIDER_KEYS}', 1)",
        "[split_part(trim(provided_model_name), '/', -1)]",
    ),
    "helicone_requests": ("[provider]", "[model]"),
    "otel_genai_spans": (
        f"regexp_extract_all(attributes, '{PROVIDER_KEYS}', 1)",
        f"regexp_extract_all(attributes, '{MODEL_KEYS}', 1)",
    ),
    "openrouter_generations": ("['openrouter', case when is_byok then provider_name end]", "[model]"),
}


def _names_of(table: str, providers: str, models: str) -> str:
    """Pairs of one table: each provider as it stands, up to its first dot (`openai.chat`), or none, with each model."""
    return f"""
        select distinct lower(trim(named.provider)), trim(named.model)
        from (
            select
                unnest(
                    [''] || providers || list_transform(providers, lambda name: split_part(name, '.', 1))
                ) as provider,
                model
            from (
                select distinct
                    list_filter({providers}, lambda name: name is not null) as providers,
                    unnest({models}) as model
                from raw.{table}
            )
        ) as named
        where trim(named.model) <> ''"""


NATIVE_NAMES = " union ".join(_names_of(table, *lists) for table, lists in LISTS.items())
