"""
The contract as a schemathesis schema of a sandbox, in this process or behind a socket.

Errors come back as HTTP 200, while the checks of schemathesis expect an HTTP status. A hook
therefore replaces the status by the one that `meta.code` stands for.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, NamedTuple

import hypothesis
import schemathesis
from schemathesis import Case, CheckContext, Response
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.schemas import BaseSchema
from starlette.types import ASGIApp

from tests.contract.document import reachable
from tests.fuzz import profile
from tests.fuzz.seeded_app import use_existing_values
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import API_KEY
from website.contract import Json, contract, operations, walk

STATUS_OF_CODE: Final = {
    201: 200,
    **dict.fromkeys((202, 4012, 4013, 4014, 4020, 4033), 400),
    **dict.fromkeys((4001, 4002), 401),
    **dict.fromkeys((4015, 4017, 4031, 4032), 404),
    4016: 409,
}
"""Only 400 means that the data is malformed; well-formed but unknown is 404."""

CONFIG: Final = Path(__file__).with_name("schemathesis.toml")


_LENIENT: Final = {
    "include-operation-id": [each.id for each in OPERATIONS.values() if each.request is not None],
    "checks": {
        "negative_data_rejection": {"enabled": False},
        "invalid_items_are_rejected": {"enabled": False},
    },
}
"""Settings of schemathesis for bodies that may have scalars of another type."""


class ResponseKind(NamedTuple):
    """The kind of a case and the status of its response."""

    operation: str
    phase: str
    is_valid: bool
    """Whether the request conforms to the contract."""

    status: int
    """What `meta.code` stands for."""


class ResponseCounts(Counter[ResponseKind]):
    """A hook that sets the HTTP status of each response and counts it."""

    def __call__(self, _context: object, case: Case[Any], response: Response) -> None:
        """Replace the HTTP status of a response by that of its code, and count it."""
        code = response.json()["meta"]["code"]
        response.status_code = STATUS_OF_CODE.get(code, code)
        self[ResponseKind(operation_id(case), *kind_of(case), response.status_code)] += 1
        profile.CASES[operation_id(case), "server"] += 1

    def phases(self) -> set[tuple[str, bool]]:
        """Return the phases that ran, each with the validity of its data."""
        return {(kind.phase, kind.is_valid) for kind in self}

    def operations(self, *statuses: int) -> set[str]:
        """Return the operations with a response of one of these statuses."""
        return {kind.operation for kind in self if kind.status in statuses}

    def success_rate(self) -> float:
        """Return which part of the valid cases succeeded."""
        valid = {kind: count for kind, count in self.items() if kind.is_valid}
        return sum(valid[kind] for kind in valid if kind.status == 200) / sum(valid.values())


def schema_of(  # noqa: PLR0913 - one argument per setting
    counts: ResponseCounts,
    app: ASGIApp | None = None,
    base_url: str = "http://127.0.0.1/v2/",
    document: Json | None = None,
    phases: Mapping[str, Any] | None = None,
    *,
    strict: bool = False,
) -> BaseSchema:
    """
    Return the contract as a schema of a sandbox.

    Args:
        counts: The counter of responses.
        app: The sandbox, if it is in this process.
        base_url: Its URL.
        document: The contract, if it was changed.
        phases: Further settings for the phases of schemathesis.
        strict: Whether the sandbox is strict. It gets invalid data only, and has to reject it; by
            default the sandbox converts scalars, and ignores other violations, as the live API.
    """
    config = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    config["seed"] = profile.PROFILE.seed or 0
    config["generation"]["deterministic"] = profile.PROFILE.seed is None
    config["base-url"] = base_url
    config["auth"] = {"openapi": {"apiKey": {"api_key": API_KEY}}}
    config["phases"] |= phases or {}
    if strict:
        config["generation"]["mode"] = "negative"
    else:
        config["operations"].append(_LENIENT)
    schema = schemathesis.openapi.from_dict(
        close_responses(document or contract()), config=schemathesis.Config.from_dict(config)
    )
    schema.app = app
    schema.hook("after_call")(counts)
    schema.hook(filter_query)
    return schema


def run_cases(
    schema: BaseSchema, name: str, settings: hypothesis.settings, reset: Callable[[], object]
) -> None:
    """
    Run the examples of one operation, the boundary values of its schemas, and random cases.

    Args:
        schema: The schema of a sandbox.
        name: The `operationId`.
        settings: The number of random cases.
        reset: Restores the trackings before each case.
    """

    def attempt(case: Case[Any]) -> None:
        reset()
        use_existing_values(case)
        case.call_and_validate()

    only = schema.exclude(lambda other: operation_id(other) != name)
    (result,) = get_all_tests(schema=only, test_func=attempt, settings=settings, given_kwargs=None)
    assert isinstance(result, Ok)
    _, test = result.ok()
    test()


def close_responses(document: Json) -> Json:
    """
    Return the contract with responses that have only the fields it describes.

    A client must accept unknown fields, but one that the sandbox sends is leaked or misspelt.
    """
    document = deepcopy(document)
    responses = [operation.value["responses"] for operation in operations(document)]
    for _, node in walk([responses, *reachable(document, responses).values()]):
        if isinstance(node, dict) and isinstance(node.get("properties"), dict):
            node.setdefault("additionalProperties", False)
    return document


def filter_query(_context: object, query: dict[str, Any] | None) -> bool:
    """Reject empty parameters, which `allowEmptyValue` allows but schemathesis takes as invalid."""
    return "" not in (query or {}).values()


def operation_id(case: Any) -> str:
    """Return the id of the operation of a case, or of an operation of schemathesis."""
    return str(case.operation.definition.raw["operationId"])


def kind_of(case: Case[Any]) -> tuple[str, bool]:
    """Return the phase of a case, and whether the case is valid."""
    assert case.meta
    return case.meta.phase.name.value, case.meta.generation.mode.is_positive


def rejects_items(case: Case[Any]) -> bool:
    """Return whether the operation of a case succeeds as a whole and rejects single items."""
    return operation_id(case).endswith("Batch") or operation_id(case) == "stopTrackingUpdates"


def rejected_codes(response: Response) -> Iterator[int]:
    """Yield the code of each item that a successful response rejects."""
    data = response.json()["data"]
    if isinstance(data, dict):
        yield from (item["code"] for item in data.get("errors", []))
        codes = (item.get("meta", {}).get("code", 200) for item in data["trackings"])
        yield from (code for code in codes if code not in {200, 201})


@schemathesis.check
def invalid_items_are_rejected(
    ctx: CheckContext, response: Response, case: Case[Any]
) -> bool | None:
    """An invalid item is rejected, if not the whole call."""
    if not rejects_items(case) or any(rejected_codes(response)):
        return None
    check: Any = CHECKS.get_one("negative_data_rejection")
    return bool(check(ctx, response, case)) or None


@schemathesis.check
def valid_items_are_well_formed(_ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """A valid item may be unknown or a duplicate, but is not rejected as malformed."""
    if rejects_items(case) and kind_of(case)[1]:
        malformed = [code for code in rejected_codes(response) if STATUS_OF_CODE[code] == 400]
        assert not malformed, f"valid items were rejected with {malformed}"
