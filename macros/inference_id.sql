{#- The inference a call is an attempt of (decisions.md, What is counted): its request_id, with the step where it has one, slashes as in
    subject_of. Null for support calls, which are no inference. -#}
{%- macro inference_id(request_id, step, call_type) -%}
    case
        when not {{ is_inference_type(call_type) }} then null
        when {{ step }} = 'unattributed' then replace({{ request_id }}, '/', '//')
        else {{ subject_of([request_id, step]) }}
    end
{%- endmacro -%}
