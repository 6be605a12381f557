"""The same as in test_server.py and test_stories.py, with a server and a socket between."""

from collections.abc import Iterator
from typing import Final

import hypothesis
import pytest

from tests.fuzz.contract import Tally, schema_of, try_operation
from tests.fuzz.plan import PLAN, settings
from tests.fuzz.test_server import WITHOUT_EXAMPLES
from tests.fuzz.test_stories import tell_stories, without_order_ids
from tests.fuzz.world import PARCELS, live_world
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Sandbox

QUICK: Final = 4
QUICK_STORIES: Final = 3
PHASES: Final = {"coverage": {"enabled": PLAN.examples is not None}}
"""A thousand edges are gone through in this process already, so here only in a long run."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox on a free port, whose time stands still."""
    with live_world() as running:
        yield running


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_answer_keeps_the_contract(sandbox: Sandbox, operation: str) -> None:
    """What the server makes of requests and answers breaks nothing."""
    tally = fuzz(sandbox, operation, settings(QUICK))

    assert tally.kinds() & {("fuzzing", True), ("fuzzing", False)}
    assert ("examples", True) in tally.kinds() or operation in WITHOUT_EXAMPLES


def fuzz(sandbox: Sandbox, operation: str, effort: hypothesis.settings) -> Tally:
    """Try an operation of a sandbox on a socket."""

    def begin() -> None:
        sandbox.reset()
        sandbox.seed(PARCELS)

    tally = Tally("on a socket")
    schema = schema_of(tally, base_url=sandbox.base_url, phases=PHASES)
    try_operation(schema, operation, effort, begin)
    return tally


def test_stories_keep_the_contract(sandbox: Sandbox) -> None:
    """Parcels are created, read, changed, moved and deleted through the server as well."""
    tally = Tally("stories on a socket")
    schema = schema_of(tally, base_url=sandbox.base_url, document=without_order_ids())
    tell_stories(schema, sandbox.reset, QUICK_STORIES)

    assert tally.operations(200) >= {"createTracking", "getTracking"}
