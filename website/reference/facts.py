"""The limits, costs and rules of an operation, in words."""

from collections.abc import Iterator

from website.contract import Json, Operation
from website.reference.links import code_link
from website.reference.markdown import DOCUMENTED, badge, listed, words

RETRIES = {
    "safe": "Reads only; it may be retried after any failure.",
    "idempotent": "May be retried after any failure: done twice, it has the same effect.",
    "create": "May be retried; [4016](codes.md#code-4016) may then come from an earlier attempt.",
    "move": "May be retried; [4016](codes.md#code-4016) and [4017](codes.md#code-4017) may then "
    "come from an earlier attempt.",
}


def facts(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the limits, costs and rules of an operation."""
    value = operation.value
    yield "Rate limit", rate_limit(value)
    yield "Retry", RETRIES[value["x-retry"]]
    yield "Quota", quota(value)
    if batch := value.get("x-batch"):
        over = batch["over-limit-code"]
        text = f"{batch['max-items']} items; more fail with {code_link(over)}"
        yield "Batch limit", words(text, badge(batch.get("evidence", DOCUMENTED)))
    if paging := value.get("x-pagination"):
        size = f"up to {paging['max-size']} {paging['items']}"
        yield "Pages", f"`{paging['page']}`, starting at 1, of `{paging['size']}` {size}"
    yield "Codes of success", listed(map(code_link, value["x-success-codes"]), "and")


def rate_limit(operation: Json) -> str:
    """Return the rate limit of an operation in words."""
    rate = operation["x-rate-limit"]
    requests = "request" if rate["requests"] == 1 else "requests"
    seconds = "second" if rate["seconds"] == 1 else f"{rate['seconds']} seconds"
    return f"{rate['requests']} {requests} per {seconds} and account"


def quota(operation: Json) -> str:
    """Return in words what a call costs."""
    cost = operation.get("x-quota")
    if not cost:
        return "no cost is stated"
    unit = "tracking created" if "items" in cost else "calls"
    count = cost.get("items") or cost.get("calls")
    trackings = "tracking" if cost["trackings"] == 1 else "trackings"
    return f"{cost['trackings']} {trackings} of the account's quota for {count} {unit}"
