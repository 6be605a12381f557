"""
The envelope around every answer, as PHP writes it.

Answers are built as plain dicts rather than from the generated models: the live API sends explicit
nulls in a fixed order, and the models leave out what is null.
"""

import json
import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec

from trackingmore_v2_api import META_CODES

Data: TypeAlias = Mapping[str, object] | Sequence[object] | msgspec.Raw
"""What stands under `data`; raw, it was written by `ascii_json()` before."""


class ApiCode(IntEnum):
    """The meta codes that the sandbox sends, by the contract's names for them."""

    SUCCESS = 200
    CREATED = 201
    FORBIDDEN = 403
    ROUTE_NOT_FOUND = 404
    METHOD_NOT_ALLOWED = 405
    RATE_LIMITED = 429
    SERVER_ERROR = 500
    INVALID_KEY = 4001
    DELETED_KEY = 4002
    INVALID_REQUEST = 4012
    MISSING_TRACKING_NUMBER = 4013
    INVALID_TRACKING_NUMBER = 4014
    INVALID_CARRIER = 4015
    TRACKING_EXISTS = 4016
    TRACKING_NOT_FOUND = 4017
    INSUFFICIENT_BALANCE = 4019
    QUOTA_EXHAUSTED = 4021
    NO_RESULT = 4031
    CARRIER_NOT_DETECTED = 4032
    INVALID_STATUS = 4033


class Rejection(Exception):
    """
    The API says no.

    Attributes:
        code: The `meta.code` to answer with.
        message: The `meta.message` that goes with it.
        reason: What was found instead of what is needed, for the hint; "" leaves that to the hint.
    """

    def __init__(self, code: int, reason: str = "") -> None:
        self.code = int(code)
        self.message = META_CODES[code].message
        self.reason = reason
        super().__init__(f"{self.code}: {self.message}")


def _meta(code: int, message: str | None = None) -> Mapping[str, object]:
    row = META_CODES[code]
    return {"code": row.code, "type": row.type, "message": message or row.message}


_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
_CREATES: Final = "createTrackingBatch"
"""The one operation that says so."""

_SUCCESS: Final = _meta(ApiCode.SUCCESS)
_SUCCESS_OF: Final[Mapping[str, Mapping[str, object]]] = MappingProxyType(
    {
        _CREATES: _meta(ApiCode.CREATED),
        "checkRemoteAreas": _meta(ApiCode.SUCCESS, "The request was successful."),
        "trackAirWaybills": _meta(ApiCode.SUCCESS, "Request Success"),
        "listCarriers": {"code": int(ApiCode.SUCCESS)},
    }
)


def success_code(operation_id: str) -> int:
    """Give the `meta.code` of the answer to a request that was carried out."""
    return ApiCode.CREATED if operation_id == _CREATES else ApiCode.SUCCESS


def success(operation_id: str, data: Data) -> bytes:
    """Write the answer to a request that was carried out."""
    return php_json({"meta": _SUCCESS_OF.get(operation_id, _SUCCESS), "data": data})


def rejection(code: int) -> bytes:
    """Write the answer to a request that was refused: its `data` is always the empty array."""
    return php_json({"meta": _meta(code), "data": []})


def php_json(value: object) -> bytes:
    """Encode as PHP does: compact, ASCII only, with escaped slashes."""
    # In JSON a slash stands only inside strings, so each one can be escaped blindly.
    return ascii_json(value).replace(b"/", b"\\/")


def ascii_json(value: object) -> bytes:
    """Encode as PHP does, but for the slashes: so it can become a part of something larger."""
    written = msgspec.json.encode(value)
    return written if written.isascii() else _BEYOND_ASCII.sub(_escape, written.decode()).encode()


def _escape(found: re.Match[str]) -> str:
    """Write characters as JSON does in ASCII, those beyond 16 bits as two."""
    return json.dumps(found[0])[1:-1]
