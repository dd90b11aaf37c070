-- A feature below the launch gate, or pulling its product below it, needs a mitigation in the seed feature_launches.
-- A business finding: it warns, and fails only where it is asked for, `dbt test -s tag:launch_gate`. No release waits.
-- What it does not check: features launched more than 90 days ago.
{{ config(
    tags=['launch_gate'],
    warn_if='> 0',
    error_if='* coalesce(max(is_asked_for), 0) > 0'
) }}
{% set asked_for = invocation_args_dict.get('select') or [] %}
select
    *,
    {{ 1 if 'tag:launch_gate' in asked_for | join(' ') else 0 }} as is_asked_for
from {{ ref('feature_launch_gates') }}
where gate_status = 'failed'
