"""
The contract as schemathesis sees it, tied to a sandbox in this process or on a socket.

The API refuses under HTTP 200, where the checks of schemathesis expect a status. So the code in
`meta` is told to them as the status that it stands for, before they look.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final, NamedTuple

import hypothesis
import schemathesis
from schemathesis import Case, CheckContext, Response
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.schemas import BaseSchema
from starlette.types import ASGIApp

from tests.contract.document import METHODS, Json, contract, resolve
from tests.fuzz.plan import PLAN, TRIED
from tests.fuzz.world import meet_what_exists
from trackingmore_v2_sandbox import API_KEY

STATUS_OF_CODE: Final = {
    201: 200,
    202: 400,
    4001: 401,
    4002: 401,
    4012: 400,
    4013: 400,
    4014: 400,
    4015: 404,
    4016: 409,
    4017: 404,
    4020: 400,
    4031: 404,
    4032: 404,
    4033: 400,
}
"""Of the right form but unknown is 404, of the wrong form 400: only that speaks against data."""

ITEMWISE: Final = (
    "createTrackingBatch",
    "updateTrackingBatch",
    "deleteTrackingBatch",
    "stopTrackingUpdates",
)
"""Operations that succeed as a whole, and refuse single items within."""

EVERYWHERE: Final = "http://127.0.0.1/v2/"
"""Where a sandbox in this process is."""


class Answer(NamedTuple):
    """What kind of case it was, and what came of it."""

    operation: str
    phase: str
    is_valid: bool
    """Whether the contract allows what was sent."""

    status: int
    """What `meta.code` stands for."""


class Tally:
    """
    Counts what the sandbox answered.

    Args:
        place: Where the cases are tried, for the record of the run.
    """

    def __init__(self, place: str) -> None:
        self.answers: Counter[Answer] = Counter()
        self._place = place

    def __call__(self, _context: object, case: Case[Any], response: Response) -> None:
        """Return the HTTP status that a rejection stands for, and count it."""
        code = response.json()["meta"]["code"]
        response.status_code = STATUS_OF_CODE.get(code, code)
        operation = operation_id(case)
        phase, is_valid = kind_of(case)
        self.answers[Answer(operation, phase, is_valid, response.status_code)] += 1
        data = "valid" if is_valid else "invalid"
        TRIED.note(operation, "server", f"{self._place}: {phase}, {data} data")

    def kinds(self) -> set[tuple[str, bool]]:
        """Name the phases that were gone through, each with data that was valid, or was not."""
        return {(answer.phase, answer.is_valid) for answer in self.answers}

    def operations(self, *statuses: int) -> set[str]:
        """Name the operations that were answered with one of these statuses."""
        return {answer.operation for answer in self.answers if answer.status in statuses}

    def success(self) -> float:
        """Return which part of the valid cases succeeded."""
        valid = {answer: count for answer, count in self.answers.items() if answer.is_valid}
        good = sum(count for answer, count in valid.items() if answer.status == 200)
        return good / sum(valid.values())


def schema_of(
    tally: Tally,
    app: ASGIApp | None = None,
    base_url: str = EVERYWHERE,
    document: Json | None = None,
    phases: Mapping[str, Any] | None = None,
) -> BaseSchema:
    """
    Tie the contract to a sandbox, and have each answer counted.

    Args:
        tally: Counts the answers.
        app: The sandbox, if it is in this process.
        base_url: Where it is.
        document: The contract, if it is to be changed; answers are closed in any case.
        phases: What schemathesis is told of its phases, besides.
    """
    config = {
        "seed": PLAN.seed or 0,
        "base-url": base_url,
        "auth": {"openapi": {"apiKey": {"api_key": API_KEY}}},
        "generation": {
            "deterministic": PLAN.seed is None,
            "database": "none",
            "mode": "all",
            # Two thirds of what is invalid would be so for its key alone, which test_keys.py tries.
            "with-security-parameters": False,
        },
        # It repeats calls by itself, where no code is told as a status; test_keys.py asks the same
        # of every operation, and more.
        # It does not see that a batch, a look on demand or a move brings a parcel back, nor all
        # that was deleted; test_model.py keeps count of every parcel.
        "checks": {"ignored_auth": {"enabled": False}, "use_after_free": {"enabled": False}},
        # The contract says by links what follows from what.
        "phases": {"stateful": {"inference": {"algorithms": []}}, **(phases or {})},
        "operations": [
            {
                # Its key is all that it takes.
                "include-operation-id": "getAccount",
                "generation": {"with-security-parameters": True},
            },
            {
                # `bad_items_are_refused` looks into the answer instead.
                "include-operation-id": list(ITEMWISE),
                "checks": {"negative_data_rejection": {"enabled": False}},
            },
            {
                # The list answers POST too, as the official PHP clients expect.
                "include-operation-id": "listTrackings",
                "checks": {
                    "unsupported_method": {"enabled": False},
                    "allow_header_conformance": {"enabled": False},
                },
            },
        ],
    }
    schema = schemathesis.openapi.from_dict(
        with_closed_answers(document or contract()), config=schemathesis.Config.from_dict(config)
    )
    schema.app = app
    schema.hook("after_call")(tally)
    schema.hook(filter_query)
    return schema


def try_operation(
    schema: BaseSchema,
    name: str,
    settings: hypothesis.settings,
    begin: Callable[[], object],
) -> None:
    """
    Try all cases of one operation: the contract's examples, the edges of its schemas, and others.

    Args:
        schema: The contract, tied to a sandbox.
        name: The `operationId`.
        settings: How many others.
        begin: Sees to it, before each case, that what it can meet exists.
    """

    def attempt(case: Case[Any]) -> None:
        begin()
        meet_what_exists(case)
        case.call_and_validate()

    only = schema.exclude(lambda other: operation_id(other) != name)
    (made,) = get_all_tests(schema=only, test_func=attempt, settings=settings, given_kwargs=None)
    assert isinstance(made, Ok)
    _, test = made.ok()
    test()


def with_closed_answers(document: Json) -> Json:
    """
    Return the contract with answers that hold nothing but what it names.

    A client must bear fields that nobody has heard of, but a sandbox that tells some has either
    told too much, or misspelt one.
    """
    document = deepcopy(document)
    waiting: list[Any] = [
        operation["responses"]
        for item in document["paths"].values()
        for name, operation in item.items()
        if name in METHODS
    ]
    closed: set[int] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            node = resolve(document, node)
            if id(node) in closed:
                continue
            closed.add(id(node))
            if "properties" in node:
                node.setdefault("additionalProperties", False)
            waiting += [node[name] for name in node if name not in {"examples", "links"}]
    return document


def filter_query(_context: object, query: dict[str, Any] | None) -> bool:
    """Leave out empty parameters: `allowEmptyValue` makes them valid, which is not known here."""
    return "" not in (query or {}).values()


def operation_id(case: Any) -> str:
    """Return the id of the operation that a case, or an operation of schemathesis, is about."""
    return str(case.operation.definition.raw["operationId"])


def kind_of(case: Case[Any]) -> tuple[str, bool]:
    """Return the phase that a case belongs to, and whether it is valid."""
    assert case.meta
    return case.meta.phase.name.value, case.meta.generation.mode.is_positive


def refused_codes(response: Response) -> Iterator[int]:
    """Yield the code of each item that was refused within a success."""
    data = response.json()["data"]
    if isinstance(data, dict):
        yield from (item["code"] for item in data.get("errors", []))
        yield from (
            item["meta"]["code"]
            for item in data["trackings"]
            if item.get("meta", {}).get("code", 200) not in {200, 201}
        )


@schemathesis.check
def bad_items_are_refused(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """An item that breaks the contract is refused, if not the whole call."""
    if operation_id(case) not in ITEMWISE or any(refused_codes(response)):
        return None
    check: Any = CHECKS.get_one("negative_data_rejection")
    return bool(check(ctx, response, case)) or None


@schemathesis.check
def good_items_are_not_malformed(_ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """An item that keeps the contract may be unknown or a duplicate, but not malformed."""
    if operation_id(case) in ITEMWISE and kind_of(case)[1]:
        malformed = [code for code in refused_codes(response) if STATUS_OF_CODE[code] == 400]
        assert not malformed, f"valid items were refused with {malformed}"
