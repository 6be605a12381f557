"""Stories along the contract's links: created, then read, changed, moved, listed, deleted."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, Response
from schemathesis.schemas import BaseSchema

from tests.contract.document import METHODS, contract
from tests.fuzz.contract import Tally, schema_of
from tests.fuzz.plan import fuzzed
from tests.fuzz.world import World, name_carrier, objects_of

QUICK: Final = 20
STEPS: Final = 10


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
    tally, world = Tally("stories"), World()
    tell_stories(schema_of(tally, world, document=without_order_ids()), world.begin, QUICK)

    assert tally.operations(200) >= linked_operations() | {"createTracking", "createTrackingBatch"}


def tell_stories(schema: BaseSchema, begin: Callable[[], object], quick: int) -> None:
    """
    Tell stories, none of which remembers the one before.

    Args:
        schema: The contract, tied to a sandbox.
        begin: Makes the sandbox forget.
        quick: How many stories, in a quick run.
    """
    deleted = Deleted()
    schema.hook("after_call")(deleted)
    schema.hook(map_body)
    machine: Any = schema.as_state_machine()

    def setup(_machine: object) -> None:
        begin()
        deleted.gone.clear()

    machine.setup = setup
    run_state_machine_as_test(fuzzed(quick, stateful_step_count=STEPS)(machine))

    assert deleted.ghosts == []


def linked_operations() -> set[str]:
    """Name the operations that some link leads to."""
    return {
        link["operationId"]
        for item in contract()["paths"].values()
        for name in item.keys() & METHODS
        for response in item[name]["responses"].values()
        for link in response.get("links", {}).values()
    }


def without_order_ids() -> dict[str, Any]:
    """
    Give the contract without order ids in what is sent.

    schemathesis takes `order_id` for the key of an order that nobody creates, and then does not
    begin a story with the creation of a parcel.
    """
    document = deepcopy(contract())
    for name in ("NewTracking", "NewBatchTracking", "TrackingChanges", "BatchTrackingChanges"):
        del document["components"]["schemas"][name]["properties"]["order_id"]
    return document


def map_body(_context: object, body: Any) -> Any:
    """Name a carrier that exists, as a story needs a beginning."""
    for item in objects_of(body):
        name_carrier(item)
    return body
