-- How the price book reads the provider and model names of the logs.
-- Grain: one row per provider and model as logged.
select
    provider,
    model,
    resolved_provider,
    book_provider,
    book_model
from {{ source('raw', 'model_resolutions') }}
