"""A small company's calls, written as each vendor would export them: one writer per vendor.

`company(world)` makes the canonical rows; `WRITERS[source](rows)` makes the text of that vendor's file. Every row names
what it was for by attribution keys, except at OpenRouter, whose log knows the customer alone.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

START = datetime(2026, 3, 2, 22, 30)
KEYS = ("customer_id", "user_id", "team", "feature", "use_case", "workflow", "workflow_run_id", "step", "product_id",
        "environment")  # fmt: skip

# provider, model, input, cached, written, output, reasoning, status, attempt of its request
CALLS = [
    ("openai", "gpt-4o", 1000, 0, 0, 100, 0, "success", 1),
    ("openai", "gpt-4o", 2000, 1500, 0, 300, 0, "success", 1),
    ("openai", "gpt-5-mini", 900, 200, 0, 400, 250, "success", 1),
    ("anthropic", "claude-sonnet-4-5", 10000, 4000, 5000, 100, 0, "success", 1),
    ("openai", "gpt-4o", 0, 0, 0, 0, 0, "error", 1),
    ("openai", "gpt-4o", 500, 0, 0, 50, 0, "success", 2),
    ("openai", "gpt-4o", 700, 0, 0, 60, 0, "success", 1),
    ("anthropic", "claude-sonnet-4-5", 3000, 0, 0, 10, 0, "success", 1),
]


def company(world: str, number: int) -> list[dict]:
    """The canonical rows of a company; `world` marks its customers, `number` (0 to 15) its ids."""
    rows, request = [], 0
    for position, (provider, model, sent, cached, written, answered, thought, status, attempt) in enumerate(CALLS):
        request += attempt == 1
        trace = f"{number:x}" * 16 + f"{request:016x}"
        rows.append(
            {
                "call_id": f"{trace}:{position + 1:016x}",
                "request_id": f"{world}-{request}",
                "attempt": attempt,
                "timestamp": (START + timedelta(minutes=17 * position)).isoformat(),
                "provider": provider,
                "model": model,
                "input_tokens": sent,
                "cached_input_tokens": cached,
                "cache_write_tokens": written,
                "output_tokens": answered,
                "reasoning_tokens": thought,
                "status": status,
                "cost_usd": "0.0123" if status == "success" else "0",
                "customer_id": f"{'acme' if position % 2 else 'beta'}~{world}",
                "user_id": f"u{position % 3}",
                "team": "core",
                "feature": "chat",
                "use_case": "support",
                "workflow": "desk",
                "workflow_run_id": f"{world}-run-{request}",
                "step": "answer" if position % 3 else "plan",
                "product_id": "pro",
                "environment": "staging" if position == 6 else "production",
            }
        )
    return rows


def openrouter_company(world: str, number: int) -> list[dict]:
    """The same calls bought from OpenRouter, which keeps neither retries nor what a call was for."""
    rows = [row for row in company(world, number) if not row["cache_write_tokens"]]
    for row in rows:
        for key in KEYS[1:]:
            del row[key]
        row |= {"provider": "openrouter", "model": f"{row['provider']}/{row['model']}", "attempt": 1}
        row["request_id"] = row["call_id"]
    return rows


def lines(rows: list[dict]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(row) + "\n" for row in rows)


def _keys(row: dict) -> dict:
    return {key: row[key] for key in KEYS} | {"logical_request_id": row["request_id"]}


def _end(row: dict) -> str:
    return (datetime.fromisoformat(row["timestamp"]) + timedelta(seconds=1)).isoformat()


def litellm(rows: list[dict]) -> str:
    """Rows of LiteLLM_SpendLogs; metadata is a text that holds JSON."""

    def exported(row: dict) -> dict:
        usage = {
            "prompt_tokens_details": {"cached_tokens": row["cached_input_tokens"]},
            "cache_creation_input_tokens": row["cache_write_tokens"],
            "completion_tokens_details": {"reasoning_tokens": row["reasoning_tokens"]},
        }
        metadata = {"usage_object": usage, "spend_logs_metadata": _keys(row), "attempted_retries": row["attempt"] - 1}
        return {
            "request_id": row["call_id"], "call_type": "acompletion", "startTime": row["timestamp"].replace("T", " "),
            "endTime": _end(row).replace("T", " "), "model": row["model"], "custom_llm_provider": row["provider"],
            "prompt_tokens": row["input_tokens"], "completion_tokens": row["output_tokens"],
            "total_tokens": row["input_tokens"] + row["output_tokens"], "spend": float(row["cost_usd"]),
            "cache_hit": "None", "end_user": "nobody", "user": "default_user_id", "session_id": row["call_id"],
            "metadata": json.dumps(metadata), "request_tags": "[]",
            "status": "success" if row["status"] == "success" else "failure",
        }  # fmt: skip

    return lines([exported(row) for row in rows])


def langfuse(rows: list[dict]) -> str:
    """A page of the API; each request is a trace under an agent that sums its calls up."""
    observations = []
    for row in rows:
        trace = row["call_id"].split(":")[0]
        usage = {
            "input": row["input_tokens"] - row["cached_input_tokens"] - row["cache_write_tokens"],
            "output": row["output_tokens"] - row["reasoning_tokens"], "input_cached_tokens": row["cached_input_tokens"],
            "input_cache_creation": row["cache_write_tokens"], "output_reasoning_tokens": row["reasoning_tokens"],
            "total": row["input_tokens"] + row["output_tokens"],
        }  # fmt: skip
        times = {"startTime": row["timestamp"] + "Z", "endTime": _end(row) + "Z"}
        base = {"traceId": trace, "model": row["model"], "usageDetails": usage} | times
        observations.append(base | {"id": f"{trace}-agent", "type": "GENERATION", "name": "agent"})
        observations.append(
            base
            | {"id": row["call_id"], "type": "GENERATION", "parentObservationId": f"{trace}-agent", "name": "call",
               "level": "DEFAULT" if row["status"] == "success" else "ERROR", "totalCost": float(row["cost_usd"]),
               "metadata": _keys(row) | {"gen_ai.provider.name": row["provider"]}}
        )  # fmt: skip
    return json.dumps({"data": observations, "meta": {"page": 1}})


def helicone(rows: list[dict]) -> str:
    """Rows of request_response_rmt."""

    def exported(row: dict) -> dict:
        is_claude = row["provider"] == "anthropic"
        counted = row["status"] == "success"
        prompt = row["input_tokens"] - row["cached_input_tokens"] - (row["cache_write_tokens"] if is_claude else 0)
        return {
            "request_id": row["call_id"], "request_created_at": row["timestamp"], "latency": 1000,
            "status": 200 if counted else 500, "model": row["model"], "provider": row["provider"].upper(),
            "prompt_tokens": prompt if counted else None,
            "completion_tokens": row["output_tokens"] - row["reasoning_tokens"] if counted else None,
            "prompt_cache_read_tokens": row["cached_input_tokens"],
            "prompt_cache_write_tokens": row["cache_write_tokens"], "reasoning_tokens": row["reasoning_tokens"],
            "properties": {key.replace("_", "-").title(): value for key, value in _keys(row).items()},
            "cache_reference_id": "00000000-0000-0000-0000-000000000000",
            "cost": int(Decimal(row["cost_usd"]) * 10**9), "updated_at": _end(row),
        }  # fmt: skip

    return lines([exported(row) for row in rows])


def otel(rows: list[dict]) -> str:
    """OTLP/JSON, one document a line; each call stands under an agent that sums it up."""

    def attribute(key: str, value: object) -> dict:
        return {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}

    def span(row: dict, identity: str, parent: str, name: str, attributes: dict) -> dict:
        start = int(datetime.fromisoformat(row["timestamp"] + "+00:00").timestamp()) * 10**9
        return {
            "traceId": row["call_id"].split(":")[0].upper(), "spanId": identity, "parentSpanId": parent, "name": name,
            "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + 10**9),
            "attributes": [attribute(key, value) for key, value in attributes.items()],
            "status": {} if row["status"] == "success" else {"code": 2},
        }  # fmt: skip

    documents = []
    for row in rows:
        said = {
            "gen_ai.provider.name": row["provider"], "gen_ai.request.model": row["model"],
            "gen_ai.usage.input_tokens": row["input_tokens"], "gen_ai.usage.output_tokens": row["output_tokens"],
            "gen_ai.usage.cache_read.input_tokens": row["cached_input_tokens"],
            "gen_ai.usage.cache_write.input_tokens": row["cache_write_tokens"],
            "gen_ai.usage.reasoning.output_tokens": row["reasoning_tokens"],
        }  # fmt: skip
        identity = row["call_id"].split(":")[1]
        parent = "f" + identity[1:]
        keys = {key: value for key, value in _keys(row).items() if key != "environment"}
        call = said | keys | {"gen_ai.operation.name": "chat", "gen_ai.usage.cost": row["cost_usd"]}
        spans = [span(row, parent, "", "agent", said), span(row, identity, parent, f"chat {row['model']}", call)]
        resource = {"attributes": [attribute("deployment.environment.name", row["environment"])]}
        scopes = [{"scope": {"name": "app"}, "spans": spans}]
        documents.append({"resourceSpans": [{"resource": resource, "scopeSpans": scopes}]})
    return lines(documents)


def openrouter(rows: list[dict]) -> str:
    """Bodies of /generation."""

    def exported(row: dict) -> dict:
        return {
            "id": row["call_id"], "created_at": row["timestamp"] + "Z", "model": row["model"], "provider_name": "X",
            "is_byok": False, "total_cost": float(row["cost_usd"]), "native_tokens_prompt": row["input_tokens"],
            "native_tokens_completion": row["output_tokens"], "native_tokens_cached": row["cached_input_tokens"],
            "native_tokens_reasoning": row["reasoning_tokens"], "tokens_prompt": 7, "tokens_completion": 7,
            "finish_reason": "stop" if row["status"] == "success" else "error", "external_user": row["customer_id"],
        }  # fmt: skip

    return lines([{"data": exported(row)} for row in rows])


WRITERS: dict[str, Callable[[list[dict]], str]] = {
    "litellm_spend_logs": litellm,
    "langfuse_observations": langfuse,
    "helicone_requests": helicone,
    "otel_genai_spans": otel,
    "openrouter_generations": openrouter,
}
