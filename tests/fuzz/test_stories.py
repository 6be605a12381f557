"""Stories along the contract's links: created, then read, changed, moved, listed, deleted."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

import pytest
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.schemas import BaseSchema

from tests.contract.document import METHODS, contract
from tests.fuzz.contract import Tally, schema_of
from tests.fuzz.plan import fuzzed
from tests.fuzz.world import World, avoid_failures, name_carrier, objects_of

QUICK: Final = 60
STEPS: Final = 25
"""So many stories, of so many steps, follow every link, whichever seed hypothesis derives."""


@pytest.mark.behaviour("response.contract")
def test_stories_keep_the_contract() -> None:
    """Along every link the answers fit, and what a link leads to was reached and succeeded."""
    tally, world = Tally("stories"), World()
    tell_stories(schema_of(tally, world, document=without_order_ids()), world.begin, QUICK)

    assert tally.operations(200) >= linked_operations() | {"createTracking", "createTrackingBatch"}


def tell_stories(schema: BaseSchema, begin: Callable[[], object], quick: int, **more: Any) -> None:
    """
    Run stories, each in a fresh account.

    Args:
        schema: The contract, tied to a sandbox.
        begin: Makes the sandbox forget.
        quick: How many stories, in a quick run.
        more: Other settings of hypothesis.
    """
    schema.hook(map_body)
    machine: Any = schema.as_state_machine()

    machine.setup = lambda _machine: begin()
    run_state_machine_as_test(fuzzed(quick, stateful_step_count=STEPS, **more)(machine))


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
    Return the contract without order ids in what is sent.

    schemathesis takes `order_id` for the key of an order that nobody creates, and then does not
    begin a story with the creation of a parcel.
    """
    document = deepcopy(contract())
    for name in (
        "CreateTrackingRequest",
        "CreateTrackingItem",
        "UpdateTrackingRequest",
        "UpdateTrackingItem",
    ):
        del document["components"]["schemas"][name]["properties"]["order_id"]
    return document


def map_body(_context: object, body: Any) -> Any:
    """Name a carrier that exists, as a story needs a beginning, and nothing that fails."""
    for item in objects_of(body):
        name_carrier(item)
        avoid_failures(item)
        # A new field may be called so by chance, and hold anything; the sandbox knows it.
        item.pop("order_id", None)
    return body
