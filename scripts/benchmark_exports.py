"""Exports of other programs for the benchmark: the demo company's calls as they would write them, with a bare reader;
and Stripe's tables of a company with many invoices.

A bare reader is one query of DuckDB that gives the columns that landing gives, with the same types and values; it
trusts the file: no other spelling, no bad row, no second version.
"""

from __future__ import annotations

from dataclasses import dataclass

SPANS_A_DOCUMENT = 100


@dataclass(frozen=True)
class Export:
    """`written` makes a file's lines from the calls of `getvariable('files')`, `read` reads `getvariable('file')`."""

    written: str
    read: str


LITELLM = Export(
    written="""
        select
            'chatcmpl-' || md5(cast(row_number() over () as varchar)) as request_id,
            'acompletion' as call_type,
            strftime("timestamp", '%Y-%m-%d %H:%M:%S.%f') as "startTime",
            strftime("timestamp" + interval 1 second, '%Y-%m-%d %H:%M:%S.%f') as "endTime",
            model, provider as custom_llm_provider,
            input_tokens as prompt_tokens, output_tokens as completion_tokens,
            input_tokens + output_tokens as total_tokens,
            cast(cost_usd as double) as spend,
            'None' as cache_hit, customer_id as end_user, 'default_user_id' as "user",
            md5(request_id) as session_id,
            cast(to_json({
                'usage_object': {
                    'prompt_tokens_details': {'cached_tokens': cached_input_tokens},
                    'cache_creation_input_tokens': cache_write_tokens,
                    'completion_tokens_details': {'reasoning_tokens': reasoning_tokens}
                },
                'spend_logs_metadata': {
                    'customer_id': customer_id, 'user_id': user_id, 'team': team, 'feature': feature,
                    'workflow': workflow, 'workflow_run_id': workflow_run_id, 'step': step,
                    'environment': environment, 'logical_request_id': request_id
                },
                'attempted_retries': attempt - 1
            }) as varchar) as metadata,
            '[]' as request_tags,
            case status when 'success' then status else 'failure' end as status
        from read_parquet(getvariable('files'))
        limit getvariable('calls')
    """,
    read="""
        select
            * exclude ("startTime", "endTime", cache_hit),
            "startTime" as start_time, "endTime" as end_time, try_cast(cache_hit as boolean) as cache_hit
        from read_json(getvariable('file'), format = 'newline_delimited', columns = {
            request_id: 'varchar', call_type: 'varchar', "startTime": 'timestamp', "endTime": 'timestamp',
            model: 'varchar', custom_llm_provider: 'varchar', prompt_tokens: 'bigint', completion_tokens: 'bigint',
            total_tokens: 'bigint', spend: 'decimal(28, 12)', cache_hit: 'varchar', end_user: 'varchar',
            "user": 'varchar', session_id: 'varchar', metadata: 'varchar', request_tags: 'varchar', status: 'varchar'
        })
    """,
)

OTLP = Export(
    written=f"""
        with calls as (
            select *, row_number() over () as call_number
            from read_parquet(getvariable('files'))
            limit getvariable('calls')
        ),
        spans as (
            select
                call_number // {SPANS_A_DOCUMENT} as document,
                {{
                    'traceId': md5(request_id), 'spanId': left(md5(cast(call_number as varchar)), 16),
                    'name': 'chat ' || model,
                    'startTimeUnixNano': cast(epoch_ns("timestamp") as varchar),
                    'endTimeUnixNano': cast(epoch_ns("timestamp" + interval 1 second) as varchar),
                    'attributes': [
                        {{'key': entry.key, 'value': json(entry.value)}}
                        for entry in [
                            {{'key': named.key, 'value': json_object('stringValue', named.value)}}
                            for named in map_entries(map {{
                                'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': provider,
                                'gen_ai.request.model': model, 'customer_id': customer_id, 'user_id': user_id,
                                'feature': feature, 'workflow': workflow, 'step': step,
                                'logical_request_id': request_id
                            }})
                            if named.value is not null
                        ] || [
                            {{'key': counted.key, 'value': json_object('intValue', cast(counted.value as varchar))}}
                            for counted in map_entries(map {{
                                'gen_ai.usage.input_tokens': input_tokens,
                                'gen_ai.usage.output_tokens': output_tokens,
                                'gen_ai.usage.cache_read.input_tokens': cached_input_tokens,
                                'gen_ai.usage.reasoning.output_tokens': reasoning_tokens
                            }})
                            if counted.value is not null
                        ]
                    ],
                    'status': {{'code': case status when 'success' then 1 else 2 end}}
                }} as span
            from calls
        )
        select [{{
            'resource': {{
                'attributes': [{{'key': 'deployment.environment.name', 'value': {{'stringValue': 'production'}}}}]
            }},
            'scopeSpans': [{{'scope': {{'name': 'app'}}, 'spans': list(span)}}]
        }}] as "resourceSpans"
        from spans
        group by document
    """,
    read="""
        with resources as (
            select unnest("resourceSpans") as resource
            from read_json(getvariable('file'), format = 'newline_delimited', columns = {
                "resourceSpans": 'struct(
                    resource struct(attributes struct("key" varchar, "value" struct("stringValue" varchar))[]),
                    "scopeSpans" struct(scope struct("name" varchar), spans struct(
                        "traceId" varchar, "spanId" varchar, "name" varchar,
                        "startTimeUnixNano" bigint, "endTimeUnixNano" bigint,
                        attributes struct(
                            "key" varchar, "value" struct("stringValue" varchar, "intValue" varchar)
                        )[],
                        status struct(code varchar)
                    )[])[]
                )[]'
            })
        ),
        scopes as (select resource.resource as resource, unnest(resource."scopeSpans") as scope from resources),
        spans as (select resource, scope.scope.name as scope_name, unnest(scope.spans) as span from scopes)
        select
            span."traceId" as trace_id, span."spanId" as span_id, span.name as name,
            make_timestamp(span."startTimeUnixNano" // 1000) as start_time,
            make_timestamp(span."endTimeUnixNano" // 1000) as end_time,
            span.status.code as status_code,
            scope_name,
            cast(to_json(map_from_entries([
                {
                    'k': said.key,
                    'v': coalesce(to_json(said.value."stringValue"), to_json(cast(said.value."intValue" as bigint)))
                }
                for said in span.attributes
            ])) as varchar) as attributes,
            cast(to_json(map_from_entries([
                {'k': said.key, 'v': said.value."stringValue"} for said in resource.attributes
            ])) as varchar) as resource_attributes
        from spans
    """,
)

EXPORTS = {"litellm_spend_logs": LITELLM, "otel_genai_spans": OTLP}

LINES_AN_INVOICE = 4

# Stripe's tables with `getvariable('lines')` invoice lines: months (8 of 10), years, and what is used at once.
STRIPE = {
    "stripe_invoice_line_items": f"""
        select
            'il_' || number as id,
            'in_' || number // {LINES_AN_INVOICE} as invoice_id,
            100 + hash(number) % 20000 as amount,
            'usd' as currency,
            ['prod_assist', 'prod_write', 'seats'][1 + number % 3] as product_id,
            timestamp '2025-01-01' + to_seconds(cast(hash(invoice_id) % 45000000 as bigint)) as invoiced_at,
            case when number % 10 <> 9 then invoiced_at end as period_start,
            case
                when number % 10 = 8 then invoiced_at + interval 1 year
                when number % 10 < 8 then invoiced_at + interval 1 month
            end as period_end
        from range(getvariable('lines')) as numbers (number)
    """,
    "stripe_invoices": """
        select
            invoice_id as id,
            'cus_' || hash(invoice_id) % (1 + getvariable('lines') // 400) as customer_id,
            'paid' as status,
            'usd' as currency,
            min(invoiced_at) as created,
            min(invoiced_at) as finalized_at,
            sum(amount)::bigint as total,
            sum(amount)::bigint as amount_paid,
            true as livemode
        from read_parquet(getvariable('line_file'))
        group by invoice_id
    """,
    # The last day of business, paid for an invoice.
    "stripe_charges": """
        select
            'ch_0' as id, 'in_0' as invoice_id, 'cus_0' as customer_id, 100 as amount, 'usd' as currency,
            timestamp '2026-06-30 12:00:00' as created, 'succeeded' as status, true as paid, true as captured,
            true as livemode
    """,
}
