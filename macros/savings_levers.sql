{#- Every lever of savings_opportunities: what it is pulled for, how much work it is, which of the levers exclude each other
    (a call goes to one tier and one model), what it says without data and without a finding, and what to do.
    `scope` and `target` in an action are columns. -#}
{%- macro savings_levers() -%}
    {{ return({
        'batch': {
            'scope': 'step', 'effort': 'low', 'family': 'service_tier',
            'no_data': 'No step of the calls is marked as not interactive: fill in seeds/reference/workflow_latency.csv.',
            'nothing': 'Every step that nobody waits for is already on a cheaper tier.',
            'action': "'Send ' || scope_value || ' as batch jobs: nobody waits for it.'",
        },
        'flex': {
            'scope': 'step', 'effort': 'low', 'family': 'service_tier',
            'no_data': 'No step of the calls is marked as not interactive: fill in seeds/reference/workflow_latency.csv.',
            'nothing': 'No model of the steps that nobody waits for has a flex price in the price book.',
            'action': "'Send ' || scope_value || ' on the flex tier: nobody waits for it.'",
        },
        'prompt_caching': {
            'scope': 'feature', 'effort': 'low', 'family': 'prompt_caching',
            'no_data': 'No call carries a prefix_hash.',
            'nothing': 'No prefix that repeats within five minutes is long enough and left uncached.',
            'action': "'Cache the stable prefixes of ' || scope_value || ', ' || target || ' first.'",
        },
        'response_caching': {
            'scope': 'feature', 'effort': 'medium', 'family': 'response_caching',
            'no_data': 'No call carries a prompt_hash.',
            'nothing': 'No customer paid twice for the same prompt within a day.',
            'action': "'Answer repeated prompts of ' || scope_value || ' from a response cache for a day.'",
        },
        'prompt_trimming': {
            'scope': 'use_case', 'effort': 'medium', 'family': 'prompt_trimming',
            'no_data': 'No use case of the calls has a band in seeds/reference/token_targets.csv.',
            'nothing': 'No prompt is longer than the band of its use case.',
            'action': "'Trim the prompts of ' || scope_value || ' to ' || target || ' input tokens.'",
        },
        'downgrade_routing': {
            'scope': 'model', 'effort': 'medium', 'family': 'model',
            'no_data': 'No fresh and sufficient pairs allow a cheaper model: land paired_evaluations.',
            'nothing': 'The cheaper models that the evidence allows would have saved nothing in the ' ~ var('traffic_days') ~ ' days.',
            'action': "'Route ' || scope_value || ' to ' || target || ' where it does as well.'",
        },
        'self_hosting': {
            'scope': 'model', 'effort': 'high', 'family': 'model',
            'no_data': 'No machines of our own are billed and in use, so that nobody knows what a token on them costs.',
            'nothing': 'No workload is large enough, or dearer than on machines of our own.',
            'action': "'Move ' || scope_value || ' to machines of our own, after a test of quality.'",
        },
        'fine_tuning': {
            'scope': 'use_case', 'effort': 'high', 'family': 'model',
            'no_data': 'No cheaper model was ever evaluated: land paired_evaluations.',
            'nothing': 'No task with an evaluated cheaper model has enough requests a month.',
            'action': "'Fine-tune ' || target || ' on ' || scope_value || '; training is not deducted.'",
        },
        'losing_prefixes': {
            'scope': 'feature', 'effort': 'low', 'family': 'losing_prefixes',
            'no_data': 'No call carries a prefix_hash.',
            'nothing': 'No cached prefix loses money.',
            'action': "'Stop caching the prefixes of ' || scope_value || ' that are read too seldom, ' || target || ' first.'",
        },
        'failing_retries': {
            'scope': 'step', 'effort': 'low', 'family': 'failing_retries',
            'no_data': 'There are no priced calls in the ' ~ var('traffic_days') ~ ' days.',
            'nothing': 'No retry of a request that failed for good was charged.',
            'action': "'Stop retrying ' || scope_value || ' where every attempt fails.'",
        },
    }) }}
{%- endmacro -%}
