"""The same as test_server.py and test_stories.py, through a server and a socket."""

from typing import Final

import pytest

from tests.fuzz.contract import ResponseCounts, run_cases, schema_of
from tests.fuzz.profile import PROFILE, settings
from tests.fuzz.seeded_app import TRACKINGS
from tests.fuzz.test_server import WITHOUT_EXAMPLES
from tests.fuzz.test_stories import contract_without_order_ids, run_stories
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Sandbox

QUICK: Final = 4
QUICK_STORIES: Final = 3
PHASES: Final = {"coverage": {"enabled": PROFILE.examples > 0}}
"""The boundary values run in process already, so here in a long run only."""


@pytest.mark.parametrize("operation", OPERATIONS)
def test_live_responses_match_the_contract(sandbox: Sandbox, operation: str) -> None:
    """The HTTP server changes nothing of requests and responses."""

    def reset() -> None:
        sandbox.reset()
        sandbox.seed(TRACKINGS)

    counts = ResponseCounts()
    schema = schema_of(counts, base_url=sandbox.base_url, phases=PHASES)
    run_cases(schema, operation, settings(QUICK), reset)

    assert counts.phases() & {("fuzzing", True), ("fuzzing", False)}
    assert ("examples", True) in counts.phases() or operation in WITHOUT_EXAMPLES


def test_live_stories_match_the_contract(sandbox: Sandbox) -> None:
    """Trackings are created, read, updated, moved and deleted through the server as well."""
    counts, document = ResponseCounts(), contract_without_order_ids()
    schema = schema_of(counts, base_url=sandbox.base_url, document=document)
    run_stories(schema, sandbox.reset, QUICK_STORIES)

    assert counts.operations(200) >= {"createTracking", "getTracking"}
