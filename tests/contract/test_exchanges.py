"""The contract allows what the sandbox does, no less and no more, and its links lead on."""

import copy

import pytest

from tests.contract.document import contract, dig, operations
from tests.contract.exchanges import (
    ACCEPTED,
    BEGINNINGS,
    REFUSED,
    exchange_complaints,
    exchanges,
    link_complaints,
)
from tests.contract.faults import (
    BATCH,
    BATCH_BODY,
    CREATE,
    LINKS,
    LIST,
    MOVE,
    ONE,
    SCHEMAS,
    TRACKING,
    Change,
    drop,
    move,
    put,
)

GET_MOVED = (*MOVE, "responses", "200", "links", "GetMoved", "parameters")
KEY = ("components", "securitySchemes", "apiKey")


def test_every_operation_was_carried_out() -> None:
    """Each operation was answered with a success, and each refusal was one."""
    codes = [exchange.answer["meta"]["code"] for exchange in exchanges()]

    assert {request.operation for request in ACCEPTED} == {op.name for op in operations(contract())}
    assert set(codes[: len(ACCEPTED)]) == {200, 201}
    assert len(codes) == len(ACCEPTED) + len(REFUSED)
    assert not {200, 201} & set(codes[len(ACCEPTED) :])


def test_the_contract_allows_what_was_done() -> None:
    """What was carried out is allowed, what was refused for its form is not, and answers fit."""
    assert exchange_complaints(contract()) == []


def test_every_link_leads_to_a_success() -> None:
    """Whoever follows a link, from an operation that was carried out, is not refused."""
    assert link_complaints(contract()) == []


def test_links_of_every_operation_are_followed() -> None:
    """No operation with links is left out for want of a beginning."""
    linking = {op.name for op in operations(contract()) if _links(op.value)}

    assert linking == set(BEGINNINGS)


def _links(operation: object) -> object:
    return dig(operation, "responses", "200", "links")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (drop(*CREATE), "createTracking: is found at POST"),
        (move(*LIST, to="post"), "listTrackings: is found at GET"),
        (put(*KEY, "name", to="Tracking-Api-Key"), "getAccount: needs the header"),
        (put(*LIST, "security", to=[]), "listTrackings: needs the header"),
        (put(*TRACKING, "archived", "type", to="string"), "getTracking: answers $"),
        (drop(*TRACKING, "archived"), "getTracking: answers $"),
        (put(*BATCH, "x-success-codes", to=[200]), "createTrackingBatch: succeeds with 201"),
        (put(*BATCH_BODY, "maxItems", to=39), "createTrackingBatch: takes $"),
        (put(*BATCH_BODY, "maxItems", to=41), "createTrackingBatch: refuses with 202"),
        (put(*LIST, "parameters", 12, "in", to="header"), "takes the parameter archived"),
        (drop(*LIST, "parameters", 10, "allowEmptyValue"), "listTrackings: takes numbers: "),
        (put(*LIST, "parameters", 9, "required", to=True), "listTrackings: takes no lang"),
        (put(*LIST, "parameters", 1, "schema", "maximum", to=99), "listTrackings: takes limit: "),
        (drop(*SCHEMAS, "TrackingNumber", "pattern"), "createTracking: refuses with 4014"),
    ],
    ids=[
        "operation missing",
        "other method",
        "other header",
        "no key",
        "type of an answer",
        "field of an answer missing",
        "success missing",
        "batch too small",
        "batch too large",
        "parameter elsewhere",
        "empty parameter",
        "parameter required",
        "parameter too small",
        "number of any form",
    ],
)
def test_a_contradiction_is_found(change: Change, complaint: str) -> None:
    """A contract that contradicts what the sandbox was asked and answered is found."""
    document = copy.deepcopy(contract())
    change(document)

    assert any(complaint in line for line in exchange_complaints(document))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (put(*GET_MOVED, "carrier_code", to="ups"), "GetMoved: is refused with 4017"),
        (put(*LINKS, "GetCreated", "operationId", to="getParcel"), "GetCreated: cannot be"),
        (drop(*LINKS, "GetCreated", "parameters", "carrier_code"), "GetCreated: cannot be"),
        (
            put(*LINKS, "GetCreated", "parameters", "carrier_code", to="$response.body#/carrier"),
            "GetCreated: cannot be",
        ),
        (
            drop(*LINKS, "DeleteCreatedInBatch", "requestBody", 0, "carrier_code"),
            "DeleteCreatedInBatch: is refused",
        ),
        (
            put(*ONE, "delete", "responses", "200", "links", to={"GetDeleted": {}}),
            "deleteTracking link GetDeleted: cannot be",
        ),
    ],
    ids=[
        "another parcel",
        "no such operation",
        "parameter missing",
        "no such field",
        "field of the body missing",
        "from an operation without a beginning",
    ],
)
def test_a_link_that_leads_nowhere_is_found(change: Change, complaint: str) -> None:
    """A link that cannot be followed, or is refused, is found."""
    document = copy.deepcopy(contract())
    change(document)

    assert any(complaint in line for line in link_complaints(document))
