"""The contract allows what the sandbox does, and no more, and its links lead to a success."""

import pytest

from tests.contract.changes import (
    API_KEY,
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
    changed_contract,
    drop,
    move,
    put,
)
from tests.contract.document import linked_contract, links
from tests.contract.exchanges import (
    ACCEPTED,
    PRECEDING,
    REJECTED,
    exchange_errors,
    exchanges,
    link_errors,
)
from website.contract import contract, operations

GET_MOVED = (*MOVE, "responses", "200", "links", "GetMoved", "parameters")


def test_every_operation_is_called() -> None:
    """Each operation succeeds, and each request that breaks a form is rejected."""
    codes = [response["meta"]["code"] for _, response in exchanges()]

    assert {request.operation for request in ACCEPTED} == {op.name for op in operations(contract())}
    assert set(codes[: len(ACCEPTED)]) == {200, 201}
    assert len(codes) == len(ACCEPTED) + len(REJECTED)
    assert not {200, 201} & set(codes[len(ACCEPTED) :])


def test_the_contract_allows_the_exchanges() -> None:
    """Successful requests and all responses are allowed, requests of a wrong form are not."""
    assert list(exchange_errors(contract())) == []


def test_every_link_leads_to_a_success() -> None:
    """The target of each link, called after its operation, succeeds."""
    assert list(link_errors(linked_contract())) == []


def test_links_of_every_operation_are_followed() -> None:
    """Each operation with links has requests to send before them."""
    assert {operation.name for operation, _, _ in links(linked_contract())} == set(PRECEDING)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (drop(*CREATE), "createTracking: must be POST"),
        (move(*LIST, to="post"), "listTrackings: must be GET"),
        (put(*API_KEY, "name", to="Tracking-Api-Key"), "getAccount: must require the header"),
        (put(*LIST, "security", to=[]), "listTrackings: must require the header"),
        (put(*TRACKING, "archived", "type", to="string"), "getTracking: response $"),
        (drop(*TRACKING, "archived"), "getTracking: response $"),
        (put(*BATCH, "x-success-codes", to=[200]), "createTrackingBatch: must succeed with 201"),
        (put(*BATCH_BODY, "maxItems", to=39), "createTrackingBatch: request $"),
        (
            put(*BATCH_BODY, "maxItems", to=41),
            "createTrackingBatch: must not allow what is rejected with 202",
        ),
        (put(*LIST, "parameters", 12, "in", to="header"), "must have the parameter archived"),
        (drop(*LIST, "parameters", 10, "allowEmptyValue"), "listTrackings: parameter numbers: "),
        (
            put(*LIST, "parameters", 9, "required", to=True),
            "listTrackings: must not require the parameter lang",
        ),
        (
            put(*LIST, "parameters", 1, "schema", "maximum", to=99),
            "listTrackings: parameter limit: ",
        ),
        (
            drop(*SCHEMAS, "TrackingNumber", "pattern"),
            "createTracking: must not allow what is rejected with 4014",
        ),
    ],
    ids=[
        "operation missing",
        "other method",
        "other header",
        "no key",
        "type in a response",
        "field of a response missing",
        "success code missing",
        "batch too small",
        "batch too large",
        "parameter in another place",
        "empty parameter",
        "parameter required",
        "parameter too small",
        "pattern missing",
    ],
)
def test_a_contradiction_is_reported(change: Change, error: str) -> None:
    """A contract that contradicts an exchange is reported."""
    assert any(error in line for line in exchange_errors(changed_contract(change)))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (put(*GET_MOVED, "carrier_code", to="ups"), "GetMoved: is rejected with 4017"),
        (put(*LINKS, "GetCreated", "operationId", to="findTracking"), "GetCreated: cannot be"),
        (drop(*LINKS, "GetCreated", "parameters", "carrier_code"), "GetCreated: cannot be"),
        (
            put(*LINKS, "GetCreated", "parameters", "carrier_code", to="$response.body#/carrier"),
            "GetCreated: cannot be",
        ),
        (
            drop(*LINKS, "DeleteCreatedInBatch", "requestBody", 0, "carrier_code"),
            "DeleteCreatedInBatch: is rejected",
        ),
        (
            put(*ONE, "delete", "responses", "200", "links", to={"GetDeleted": {}}),
            "deleteTracking link GetDeleted: cannot be",
        ),
    ],
    ids=[
        "another tracking",
        "no such operation",
        "parameter missing",
        "no such field",
        "field of the body missing",
        "operation without preceding requests",
    ],
)
def test_a_wrong_link_is_reported(change: Change, error: str) -> None:
    """A link that cannot be followed, or is rejected, is found."""
    assert any(error in line for line in link_errors(changed_contract(change)))
