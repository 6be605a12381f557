"""The examples are a story that a sandbox retells, value for value."""

from collections.abc import Iterator

import pytest

from tests.contract.changes import EXAMPLES, Change, changed_contract, drop, put
from tests.contract.document import media
from tests.contract.story import BEGINNINGS, STORY, Step, play
from website.contract import Json, contract

PARAMETERS = ("components", "parameters")
RESPONSE = ("responses", "200", "content", "application/json", "examples")
SUCCESS = {200, 201}
FORMS = {"documentedForm", "emptyDestinationLeg", "encodedErrors", "formOf2017", "formOf2019"}
"""Examples of forms that were seen or are inferred, and that the sandbox does not send unasked."""


def differences(document: Json, steps: list[Step]) -> Iterator[Step]:
    """Yield the steps at which a sandbox sends something else than the example."""
    for step, example, sent in play(document, steps):
        # The example of `listCarriers` is an excerpt.
        if step.operation == "listCarriers":
            sent["data"] = [carrier for carrier in sent["data"] if carrier in example["data"]]
        if example != sent:
            yield step


def test_the_sandbox_retells_the_story() -> None:
    """Each operation, called with its example, gets the example of its response."""
    assert list(differences(contract(), STORY)) == []


@pytest.mark.parametrize("step", BEGINNINGS, ids=lambda step: step.example)
def test_the_sandbox_retells_the_beginnings(step: Step) -> None:
    """The other examples of a creation get their responses too."""
    assert list(differences(contract(), [step])) == []


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


IN_TRANSIT = (*EXAMPLES, "TrackingInTransit", "value", "data")
TRANSIT_TIMES = (*EXAMPLES, "TransitTimes", "value", "data")
UPDATED_AT = "2021-05-16T00:01:00+00:00"


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (put(*EXAMPLES, "TrackingDelivered", "value", "data", "title", to="Pot"), "getTracking"),
        (put(*IN_TRANSIT, "status", to="delivered"), "getTracking"),
        (put(*IN_TRANSIT, "substatus", to="transit001"), "getTracking"),
        (put(*IN_TRANSIT, "lastEvent", to=None), "getTracking"),
        (put(*IN_TRANSIT, "updated_at", to=UPDATED_AT), "getTracking"),
        (put(*EXAMPLES, "CreateBatch", "value", 0, "title", to="Pot"), "createTrackingBatch"),
        (put(*TRANSIT_TIMES, 1, to={}), "getTransitTimes"),
        (put(*TRANSIT_TIMES, to=[]), "getTransitTimes"),
        (put(*TRANSIT_TIMES, 1, "destination", to="PL"), "getTransitTimes"),
        (drop("paths", "/trackings/costtime", "post", *RESPONSE, "two"), "getTransitTimes"),
        (
            put(*EXAMPLES, "StoppedUpdates", "value", "data", "trackings", to=[]),
            "stopTrackingUpdates",
        ),
        (drop(*EXAMPLES, "RemoteAreas", "value", "data", "remote", 2), "checkRemoteAreas"),
        (put(*EXAMPLES, "Carriers", "value", "data", 1, to={}), "listCarriers"),
        (put(*PARAMETERS, "CreatedAtMin", "example", to=0), None),
        (put(*PARAMETERS, "CreatedAtMin", "example", to=1622505599), "listTrackings"),
        (put(*PARAMETERS, "TrackingNumber", "example", to="RN123456789CN"), "getTracking"),
        (
            put(*EXAMPLES, "TrackingUpdatedDelivered", "value", "data", "id", to="0" * 32),
            "trackingUpdated",
        ),
    ],
    ids=[
        "response",
        "status",
        "substatus",
        "last event",
        "updated before its creation",
        "request",
        "batch",
        "no item",
        "another item",
        "no response",
        "item missing",
        "place missing",
        "excerpt",
        "equal",
        "parameter",
        "number",
        "webhook",
    ],
)
def test_a_difference_is_found(change: Change, step: str | None) -> None:
    """A change of a request, a response, a parameter or the webhook is found at its step."""
    found = next(differences(changed_contract(change), STORY), None)

    assert found and found.operation == step if step else not found
