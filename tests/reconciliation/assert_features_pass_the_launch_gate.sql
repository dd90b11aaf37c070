-- A feature below the launch gate, or pulling its product below it, needs a mitigation in the seed feature_launches.
-- What it does not check: features launched more than 90 days ago.
select *
from {{ ref('feature_launch_gates') }}
where gate_status = 'failed'
