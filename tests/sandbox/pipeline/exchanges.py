"""Exchanges for tests of the request log."""

from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord, RequestLog

MINE, OTHER = "a" * 64, "b" * 64


def exchange(number: int = 0, **fields: object) -> ExchangeRecord:
    """Build an exchange that is identified by its query."""
    parts: dict[str, object] = {
        "at": 1_772_366_400.0,
        "method": "GET",
        "path": "/v2/carriers",
        "query": str(number),
        "headers": (),
        "request": b"",
        "operation": "listCarriers",
        "status": 200,
        "code": 200,
        "response": b"{}",
        "milliseconds": 1.0,
    }
    return ExchangeRecord(**{**parts, **fields})  # type: ignore[arg-type]  # the fields are of the right types


def queries(log: RequestLog, account: str | None = MINE, since: int = 0) -> list[str]:
    """Return the queries of the exchanges that are kept."""
    return [each.query for each in log.since(account, since)]
