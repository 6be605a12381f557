"""Response-level faults: pure functions from the real response to the corrupted one."""

import json
from http import HTTPStatus
from typing import Any, Final, TypeAlias, TypeVar, assert_never

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_api import META_CODES
from trackingmore_v2_sandbox.faults.instructions import (
    Code,
    Empty,
    ExtraField,
    Html,
    MissingItem,
    NotJson,
    ResponseFault,
    Status,
    Truncated,
    WrongType,
)
from trackingmore_v2_sandbox.http.envelope import php_json, rejection

JSON: Final = "application/json"
_WARNING: Final = b"<br />\n<b>Warning</b>: Undefined index: trackinfo on line <b>212</b><br />\n"


class ServedResponse(Struct, frozen=True):
    """A response of the API, or of a proxy in front of it."""

    content: bytes
    status: int = 200
    media_type: str = JSON


ResponseT = TypeVar("ResponseT", bound=ServedResponse)
Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | None"


class NothingToAlter(Exception):
    """The response lacks the value or list item that the fault would alter."""


def rewrite(fault: ResponseFault, response: ResponseT) -> ResponseT:
    """
    Return the response that the client gets.

    Args:
        fault: The fault.
        response: The real response. It is ignored if the fault prevents the request.

    Raises:
        NothingToAlter: The response lacks the value or list item that the fault would alter.
    """
    content = response.content
    match fault:
        case Status():
            content = _status_content(fault)
            return replace(response, content=content, status=fault.status, media_type=JSON)
        case Code():
            return replace(response, content=rejection(fault.code), status=200, media_type=JSON)
        case Html():
            page = _page(fault.status)
            return replace(response, content=page, status=fault.status, media_type="text/html")
        case Empty():
            content = b""
        case Truncated():
            content = content[: len(content) // 2]
        case NotJson():
            content = _WARNING + content
        case WrongType():
            content = php_json(_retype(json.loads(content), fault.pointer))
        case MissingItem():
            content = php_json(_omit(json.loads(content), fault.index))
        case ExtraField():
            content = php_json(_extend(json.loads(content), fault.name))
        case _:
            assert_never(fault)
    return replace(response, content=content)


def _status_content(fault: Status) -> bytes:
    # A 304 response never has a body.
    if fault.bare or fault.status == HTTPStatus.NOT_MODIFIED:
        return b""
    if fault.status in META_CODES:
        return rejection(fault.status)
    phrase = _phrase(fault.status)
    meta = {"code": fault.status, "type": phrase, "message": phrase}
    return php_json({"meta": meta, "data": []})


def _page(status: int) -> bytes:
    title = f"{status} {_phrase(status)}"
    head = f"<html>\r\n<head><title>{title}</title></head>\r\n"
    body = f"<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    return (head + body).encode("ascii")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _retype(document: Json, pointer: str) -> Json:
    if not pointer:
        return _other_type(document)
    # In this order, or `~01` would become a slash (RFC 6901).
    *path, last = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    try:
        holder: Any = document
        for step in path:
            holder = holder[_key(holder, step)]
        key = _key(holder, last)
        holder[key] = _other_type(holder[key])
    except (LookupError, TypeError, ValueError) as error:
        raise NothingToAlter(f"the response has no value at {pointer}") from error
    return document


def _key(holder: object, step: str) -> int | str:
    return int(step) if isinstance(holder, list) else step


def _other_type(value: Json) -> Json:
    match value:
        # Before `int`, since bool is a subclass of it.
        case bool():
            return "true" if value else "false"
        case str():
            return len(value)
        case int() | float():
            return str(value)
        case dict():
            return []
        case list():
            return {}
        case _:
            return 0


def _omit(document: dict[str, Json], index: int) -> Json:
    data = document["data"]
    for each in (data, *(data.values() if isinstance(data, dict) else ())):
        if isinstance(each, list) and len(each) > index:
            del each[index]
            return document
    raise NothingToAlter(f"the response has no list with an item {index}")


def _extend(value: Json, name: str) -> Json:
    """Add a field to each object in a value."""
    if isinstance(value, dict):
        added: dict[str, Json] = {name: "unheard of"}
        return {key: _extend(each, name) for key, each in value.items()} | added
    if isinstance(value, list):
        return [_extend(each, name) for each in value]
    return value
