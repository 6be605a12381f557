"""Stories along the contract's links: created, then read, changed, moved, listed, deleted."""

import json
from copy import deepcopy
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, Response
from starlette.types import Receive, Scope, Send

from tests.fuzz.contract import DOCUMENT, Tally, fresh_app, schema_of
from trackingmore_v2_api import patterns

STORIES: Final = settings(
    max_examples=80,
    stateful_step_count=10,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
CARRIERS: Final = ("china-ems", "singapore-post", "ups")


class FreshStart:
    """An app that can be made anew, so that no story remembers the one before."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget everything."""
        self._app = fresh_app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the sandbox does."""
        await self._app(scope, receive, send)


class Deleted:
    """Keeps count of deleted parcels, and notes those that can be read all the same."""

    def __init__(self) -> None:
        self.gone: set[tuple[str, str]] = set()
        self.ghosts: list[tuple[str, str]] = []

    def __call__(self, _context: object, case: Case[Any], response: Response) -> None:
        """Take note of a call that succeeded."""
        if response.json()["meta"]["code"] not in {200, 201}:
            return
        pair = pair_of(case)
        if case.method == "DELETE" and pair:
            self.gone.add(pair)
        elif case.method == "GET" and pair in self.gone:
            self.ghosts.append(pair)
        elif case.method == "POST":
            # Whatever it did, it may have brought back what it names.
            body = json.dumps(case.body)
            self.gone = {gone for gone in self.gone if gone[1] not in body}


def pair_of(case: Case[Any]) -> tuple[str, str] | None:
    """Name the parcel that the path of a call names."""
    found = case.path_parameters or {}
    if "tracking_number" not in found:
        return None
    return str(found["carrier_code"]), str(found["tracking_number"])


def test_stories_keep_the_contract() -> None:
    """Along every link the answers fit, and what a link leads to was reached and succeeded."""
    tally, deleted = Tally(), Deleted()
    app = FreshStart()
    schema = schema_of(app, tally, max_examples=STORIES.max_examples, document=without_order_ids())
    schema.hook("after_call")(deleted)
    schema.hook(map_body)
    machine: Any = schema.as_state_machine()

    def begin(_machine: object) -> None:
        app.restart()
        deleted.gone.clear()

    machine.setup = begin
    run_state_machine_as_test(machine, settings=STORIES)

    assert tally.operations(200) >= linked_operations() | {"createTracking", "createTrackingBatch"}
    assert not tally.operations(500)
    assert deleted.ghosts == []


def linked_operations() -> set[str]:
    """Name the operations that some link leads to."""
    return {
        link["operationId"]
        for item in DOCUMENT["paths"].values()
        for node in item.values()
        if isinstance(node, dict)
        for response in node["responses"].values()
        for link in response.get("links", {}).values()
    }


def without_order_ids() -> dict[str, Any]:
    """
    Give the contract without order ids in what is sent.

    schemathesis takes `order_id` for the key of an order that nobody creates, and then does not
    begin a story with the creation of a parcel.
    """
    document = deepcopy(DOCUMENT)
    for name in ("NewTracking", "NewBatchTracking", "TrackingChanges", "BatchTrackingChanges"):
        del document["components"]["schemas"][name]["properties"]["order_id"]
    return document


def map_body(_context: object, body: Any) -> Any:
    """Put a carrier that exists where any word would do, as a story needs a beginning."""
    for item in body if isinstance(body, list) else [body]:
        if isinstance(item, dict) and is_word(item.get("carrier_code")):
            number = str(item.get("tracking_number"))
            item["carrier_code"] = CARRIERS[len(number) % len(CARRIERS)]
    return body


def is_word(value: object) -> bool:
    """Tell whether this could be the code of a carrier."""
    return isinstance(value, str) and bool(patterns.CARRIER_CODE.fullmatch(value))
