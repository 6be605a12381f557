"""
The response envelope, encoded as PHP encodes JSON.

Responses are built from plain dicts rather than the generated models: the live API sends explicit
nulls in a fixed order, and the models omit nulls.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from trackingmore_v2_api import META_CODES, ApiCode

Data: TypeAlias = Mapping[str, object] | Sequence[object] | msgspec.Raw
"""The value under `data`; raw JSON comes from `ascii_json()`."""


class Rejection(Exception):
    """
    A request that the API rejects.

    Attributes:
        code: The `meta.code` of the response.
        message: The `meta.message` of that code.
        reason: What the hint reports as found. Default: "", the hint describes the request.
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
_CREATE_BATCH: Final = "createTrackingBatch"
"""The only operation whose success code is 201."""

SUCCESS_META: Final = _meta(ApiCode.SUCCESS)
_SUCCESS_OF: Final[Mapping[str, Mapping[str, object]]] = {
    _CREATE_BATCH: _meta(ApiCode.CREATED),
    "checkRemoteAreas": _meta(ApiCode.SUCCESS, "The request was successful."),
    "trackAirWaybills": _meta(ApiCode.SUCCESS, "Request Success"),
}


def success_code(operation_id: str) -> int:
    """Return the `meta.code` of a successful response."""
    return ApiCode.CREATED if operation_id == _CREATE_BATCH else ApiCode.SUCCESS


def success(operation_id: str, data: Data) -> bytes:
    """Return the body of a successful response."""
    return php_json({"meta": _SUCCESS_OF.get(operation_id, SUCCESS_META), "data": data})


def rejection(code: int) -> bytes:
    """Return the body of an error response; its `data` is always an empty array."""
    return php_json({"meta": _meta(code), "data": []})


def php_json(value: object) -> bytes:
    """Encode a value as PHP encodes JSON: compact, ASCII only, with escaped slashes."""
    # In JSON a slash occurs only inside strings, so every one can be escaped.
    return ascii_json(value).replace(b"/", b"\\/")


def ascii_json(value: object) -> bytes:
    """
    Encode a value as compact ASCII JSON.

    Slashes are not escaped, so the result can be embedded in a value for `php_json()`.
    """
    written = msgspec.json.encode(value)
    # Most responses are ASCII already.
    return written if written.isascii() else _BEYOND_ASCII.sub(_escape, written.decode()).encode()


def _escape(found: re.Match[str]) -> str:
    # json.dumps() writes characters beyond 16 bits as surrogate pairs, as PHP does.
    return json.dumps(found[0])[1:-1]
