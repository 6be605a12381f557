"""Stories along the contract's links: create, then read, update, move, list and delete."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

import pytest
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.schemas import BaseSchema

from tests.contract.document import linked_contract, links
from tests.fuzz.contract import ResponseCounts, schema_of
from tests.fuzz.profile import fuzzed
from tests.fuzz.seeded_app import SeededApp, avoid_failing_numbers, objects_of, use_known_carriers
from website.contract import Json

QUICK: Final = 60
STEPS: Final = 25
"""This many steps of this many stories follow every link, whatever the seed."""


@pytest.mark.behaviour("response.contract")
def test_stories_match_the_contract() -> None:
    """Responses match their schemas, and every operation that a link leads to succeeds."""
    counts, app = ResponseCounts(), SeededApp()
    run_stories(schema_of(counts, app, document=contract_without_order_ids()), app.reset, QUICK)

    assert counts.operations(200) >= linked_operations() | {"createTracking", "createTrackingBatch"}


def run_stories(schema: BaseSchema, reset: Callable[[], object], quick: int) -> None:
    """
    Run stories, each in a fresh account.

    Args:
        schema: The schema of a sandbox.
        reset: Resets the account.
        quick: The number of stories in a quick run.
    """
    schema.hook(map_body)
    machine: Any = schema.as_state_machine()

    machine.setup = lambda _machine: reset()
    run_state_machine_as_test(fuzzed(quick, stateful_step_count=STEPS)(machine))


def linked_operations() -> set[str]:
    """Return the operations that a link leads to."""
    return {link["operationId"] for _, _, link in links(linked_contract())}


def contract_without_order_ids() -> Json:
    """
    Return the contract with links, and without order ids in requests.

    schemathesis takes `order_id` for the id of an order that no operation creates, and would not
    start a story with the creation of a tracking.
    """
    document = deepcopy(linked_contract())
    for name in (
        "CreateTrackingRequest",
        "CreateTrackingItem",
        "UpdateTrackingRequest",
        "UpdateTrackingItem",
    ):
        del document["components"]["schemas"][name]["properties"]["order_id"]
    return document


def map_body(_context: object, body: Any) -> Any:
    """Use known carriers, so that trackings can be created, and numbers that do not fail."""
    for item in objects_of(body):
        use_known_carriers(item)
        avoid_failing_numbers(item)
        # An unknown field may have this name by chance and any value; the sandbox knows it.
        item.pop("order_id", None)
    return body
