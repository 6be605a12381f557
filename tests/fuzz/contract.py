"""
The contract as schemathesis sees it, tied to a sandbox in the same process.

The API refuses under HTTP 200, where the checks of schemathesis expect a status. So the code in
`meta` is told to them as the status that it stands for, before they look.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import schemathesis
import yaml
from schemathesis import Case, CheckContext, Response
from schemathesis.checks import CHECKS
from schemathesis.schemas import BaseSchema
from starlette.applications import Starlette
from starlette.types import ASGIApp

from trackingmore_v2_sandbox import API_KEY, SettableClock, SqliteStore, create_app

DOCUMENT: Final[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8")
)
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


class Tally:
    """Counts what the sandbox answered: by operation, and by what `meta.code` stands for."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()

    def __call__(self, _context: object, case: Case[Any], response: Response) -> None:
        """Tell a refusal as the status that it stands for, and count it."""
        code = response.json()["meta"]["code"]
        response.status_code = STATUS_OF_CODE.get(code, code)
        self.answers[operation_id(case), response.status_code] += 1

    def operations(self, *statuses: int) -> set[str]:
        """Name the operations that were answered with one of these statuses."""
        return {name for name, status in self.answers if status in statuses}

    def calls(self) -> int:
        """Count all calls."""
        return self.answers.total()


def fresh_app() -> Starlette:
    """Give a sandbox that knows no parcel yet, at a moment that does not pass."""
    return create_app(SqliteStore(), SettableClock(datetime(2026, 1, 1, tzinfo=UTC)))


def schema_of(
    app: ASGIApp, tally: Tally, max_examples: int, document: dict[str, Any] = DOCUMENT
) -> BaseSchema:
    """Tie the contract to a sandbox, and have each answer counted."""
    config = {
        "base-url": "http://127.0.0.1/v2/",
        "auth": {"openapi": {"apiKey": {"api_key": API_KEY}}},
        "generation": {
            "deterministic": True,
            "database": "none",
            "max-examples": max_examples,
            "mode": "all",
        },
        # It repeats calls by itself, where no code is told as a status; test_keys.py asks the same
        # of every operation.
        # It does not see that a batch, a look on demand or a move brings a parcel back;
        # test_stories.py keeps count of the deleted ones itself.
        "checks": {"ignored_auth": {"enabled": False}, "use_after_free": {"enabled": False}},
        # The contract says by links what follows from what.
        "phases": {"stateful": {"inference": {"algorithms": []}}},
        "operations": [
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
    schema = schemathesis.openapi.from_dict(document, config=schemathesis.Config.from_dict(config))
    schema.app = app
    schema.hook("after_call")(tally)
    schema.hook(filter_query)
    return schema


def filter_query(_context: object, query: dict[str, Any] | None) -> bool:
    """Leave out empty parameters: `allowEmptyValue` makes them valid, which is not known here."""
    return "" not in (query or {}).values()


def operation_id(case: Case[Any]) -> str:
    """Give the id of the operation that a case calls."""
    return str(case.operation.definition.raw["operationId"])


def refused_codes(response: Response) -> Iterator[int]:
    """Give the code of each item that was refused within a success."""
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
    if operation_id(case) not in ITEMWISE or case.meta is None:
        return
    if case.meta.generation.mode.is_positive:
        malformed = [code for code in refused_codes(response) if STATUS_OF_CODE[code] == 400]
        assert not malformed, f"valid items were refused with {malformed}"
