"""The examples are a story that a sandbox retells, value for value."""

from typing import Any

import pytest

from tests.contract.changes import EXAMPLES, Change, changed_contract, put
from tests.contract.document import Json, contract, media
from tests.contract.story import BEGINNINGS, STORY, Step, play

SUCCESS = {200, 201}
FORMS = {"emptyDestinationLeg", "encodedErrors"}
"""Examples of forms that were seen or are inferred, and that the sandbox does not send."""


def differences(document: Json, steps: list[Step]) -> list[Step]:
    """Return the steps at which a sandbox sends something else than the example."""
    return [step for step, example, sent in play(document, steps) if not _agree(example, sent)]


def _agree(example: Any, sent: Any) -> bool:
    """Compare a response with its example; the example of `listCarriers` is an excerpt."""
    if isinstance(sent["data"], list) and len(sent["data"]) > len(example["data"]):
        return example["meta"] == sent["meta"] and all(it in sent["data"] for it in example["data"])
    return bool(example == sent)


def test_the_sandbox_retells_the_story() -> None:
    """Each operation, called with its example, gets the example of its response."""
    assert differences(contract(), STORY) == []


@pytest.mark.parametrize("step", BEGINNINGS, ids=lambda step: step.example)
def test_the_sandbox_retells_the_beginnings(step: Step) -> None:
    """The other examples of a creation get their responses too."""
    assert differences(contract(), [step]) == []


def test_every_example_is_in_the_story() -> None:
    """The story has every example of a request, and of a success."""
    told = {(step.operation, step.example) for step in [*STORY, *BEGINNINGS]}
    components = contract()["components"]["examples"]
    for body in media(contract()):
        operation, _, part = body.name.partition(" ")
        for name, reference in body.value["examples"].items():
            value = components[reference["$ref"].rpartition("/")[2]]["value"]
            is_error = part != "request" and value["meta"]["code"] not in SUCCESS
            assert (operation, name) in told or is_error or name in FORMS, (body.name, name)


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (put(*EXAMPLES, "TrackingDelivered", "value", "data", "title", to="Pot"), "getTracking"),
        (put(*EXAMPLES, "CreateBatch", "value", 0, "title", to="Pot"), "createTrackingBatch"),
        (put(*EXAMPLES, "TransitTimes", "value", "data", 1, to={}), "getTransitTimes"),
        (put(*EXAMPLES, "CarriersDocumented", "value", "data", 1, to={}), "listCarriers"),
        (put("components", "parameters", "CreatedAtMin", "example", to=0), None),
        (
            put("components", "parameters", "CreatedAtMin", "example", to=1622505599),
            "countTrackings",
        ),
        (
            put(*EXAMPLES, "TrackingUpdatedDelivered", "value", "data", "id", to="0" * 32),
            "trackingUpdated",
        ),
    ],
    ids=["response", "request", "batch", "excerpt", "equal", "parameter", "webhook"],
)
def test_a_difference_is_found(change: Change, step: str | None) -> None:
    """A change of a request, a response, a parameter or the webhook is found at its step."""
    found = [step.operation for step in differences(changed_contract(change), STORY)]

    assert step in found if step else not found
