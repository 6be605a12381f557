"""The story that the contract's examples tell, played in a sandbox."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

from tests.contract.document import examples, load_beside
from tests.contract.exchanges import Request, send
from tests.sandbox.harness import AdminClient, Api
from trackingmore_v2_sandbox import Settings
from trackingmore_v2_sandbox.webhooks.sender import SendResult
from website.contract import JSON_BODY, Json, dig, operations, parameters, webhooks


class Step(NamedTuple):
    """An operation called with its example, at a time of May 2021 in UTC."""

    time: str
    operation: str
    example: str
    """The name of the response's example, and of the request's example if there is one."""


_LISTED = load_beside(__file__)
STORY, BEGINNINGS = ([Step(*each) for each in steps] for steps in _LISTED.values())
QUOTA = 10_000
"""Of an account that can create 9,999 more trackings after the first."""

HOOK = {"url": "http://127.0.0.1:8080/hook", "statuses": ["delivered"]}


def play(document: Json, steps: list[Step]) -> Iterator[tuple[Step, Any, Any]]:
    """Yield each step with its example, and with what a new sandbox sends in its place."""
    described = {it.name: it for it in [*operations(document), *webhooks(document)]}
    delivered: list[Json] = []

    async def receive(_: str, body: str) -> SendResult:
        delivered.append(json.loads(body))
        return SendResult(status=200)

    with closing(Api(Settings(quota=QUOTA), send_webhook=receive)) as api:
        admin = AdminClient(api)
        admin.call("PATCH", "/clock", {"now": _moment(steps[0])})
        admin.call("POST", "/webhooks", HOOK)
        for step in steps:
            operation = described[step.operation]
            requested = _example(document, step, operation.value.get("requestBody"))
            admin.call("PATCH", "/clock", {"now": _moment(step)})
            if operation in webhooks(document):
                yield step, requested, delivered.pop()
            else:
                given = {node["name"]: node["example"] for node in parameters(document, operation)}
                request = Request(step.operation, given, requested)
                expected = _example(document, step, operation.value["responses"]["200"])
                yield step, expected, send(api, request)


def _moment(step: Step) -> str:
    return f"2021-05-{step.time}+00:00"


def _example(document: Json, step: Step, body: Json | None) -> Any:
    return examples(document, dig(body, *JSON_BODY)).get(step.example)
