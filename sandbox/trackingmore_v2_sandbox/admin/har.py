"""
Logged exchanges as a document in the HTTP Archive format, HAR 1.2.

Browsers and many tools for HTTP open such a document. The log does not keep all that the format
has: lists of headers are incomplete, sizes of headers are unknown (-1), and the whole time counts
as waiting. Fields that start with an underscore are the sandbox's own, as the format allows.
"""

import base64
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, quote

import msgspec
from msgspec.structs import asdict

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox.admin.serializers import account_id, moment_of
from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord

_Fields: TypeAlias = Mapping[str, Any]

_PACKAGE: Final = "trackingmore-v2"
_VERSION: Final = "HTTP/1.1"
_COMMENT: Final = "API keys are masked, and of the headers only some are logged."
_REASONS: Final = {status.value: status.phrase for status in HTTPStatus}
_MESSAGE: Final[_Fields] = {
    "httpVersion": _VERSION,
    "cookies": [],
    "headersSize": -1,
}
"""Fields of a request or a response that the log does not keep."""


def har_document(exchanges: Iterable[ExchangeRecord], origin: str) -> bytes:
    """
    Return exchanges as a HAR document, JSON.

    Args:
        exchanges: The exchanges, oldest first.
        origin: Origin of the URLs, such as `http://127.0.0.1:8642`.
    """
    log = {
        "version": "1.2",
        "creator": {"name": f"{_PACKAGE} sandbox", "version": _version()},
        "entries": [_entry(each, origin) for each in exchanges],
        "comment": _COMMENT,
    }
    return msgspec.json.encode({"log": log})


def _version() -> str:
    from importlib import metadata  # noqa: PLC0415 - slow to import, and few need it

    try:
        return metadata.version(_PACKAGE)
    except metadata.PackageNotFoundError:  # Not installed, but run from its source.
        return "unknown"


def _entry(exchange: ExchangeRecord, origin: str) -> _Fields:
    return {
        "startedDateTime": moment_of(exchange.arrived_at),
        "time": exchange.milliseconds,
        "request": _request(exchange, origin),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": exchange.milliseconds, "receive": 0},
        "_sequence": exchange.sequence,
        "_account": account_id(exchange.account) or None,
        "_at": moment_of(exchange.at),
        "_operation": exchange.operation,
        "_fault": exchange.fault,
        "_hints": list(map(asdict, exchange.hints)),
    }


def _request(exchange: ExchangeRecord, origin: str) -> _Fields:
    headers = dict(exchange.headers)
    shown = {**headers, API_KEY_HEADER: exchange.key} if exchange.key else headers
    return {
        **_MESSAGE,
        "method": exchange.method,
        "url": _url(exchange, origin),
        "headers": _pairs(shown.items()),
        "queryString": _pairs(parse_qsl(exchange.query, keep_blank_values=True)),
        "bodySize": exchange.request_size,
        **_post_data(exchange, headers.get("content-type", "")),
    }


def _url(exchange: ExchangeRecord, origin: str) -> str:
    path = quote(exchange.path.encode("utf-8", "replace"), safe="/:@!$&'()*+,;=~")
    # An absolute request target has no leading slash.
    url = f"{origin}/{path.lstrip('/')}"
    query = quote(exchange.query.encode("latin-1", "replace"), safe="/:@!$&'()*+,;=~?%")
    return f"{url}?{query}" if query else url


def _pairs(items: Iterable[tuple[str, str]]) -> list[_Fields]:
    return [{"name": name, "value": value} for name, value in items]


def _post_data(exchange: ExchangeRecord, media_type: str) -> _Fields:
    body, size = exchange.request, exchange.request_size
    if not size:
        return {}
    text = body.decode("utf-8", "replace")
    return {"postData": {"mimeType": media_type, "text": text, **_comment(body, size)}}


def _response(exchange: ExchangeRecord) -> _Fields:
    body, size = exchange.response, exchange.response_size
    return {
        **_MESSAGE,
        "status": exchange.status,
        "statusText": _REASONS.get(exchange.status, ""),
        "headers": [],
        "content": {
            "size": size,
            "mimeType": _media_type(body),
            **_content(body),
            **_comment(body, size),
        },
        "redirectURL": "",
        "bodySize": size,
    }


def _media_type(body: bytes) -> str:
    """Return the media type of a logged body, which a fault may have replaced by an HTML page."""
    return "text/html" if body.lstrip().startswith(b"<") else "application/json"


def _content(body: bytes) -> _Fields:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}


def _comment(body: bytes, size: int) -> _Fields:
    if len(body) == size:
        return {}
    return {"comment": f"cut: the log keeps the first {len(body)} of {size} bytes"}
