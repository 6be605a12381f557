"""
Operations as values: what to send, and how to read the answer. Nothing here does I/O.

ApiRejected          the API answered, and said no
ContractViolated    the API answered, and the answer cannot be read
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Literal, Protocol, Self, TypeAlias, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from .salvage import UNREADABLE, Irreparable, Repair, ResponseMeta, peek, salvage

Scalar: TypeAlias = str | int | float | bool
Parameter: TypeAlias = Scalar | Sequence[Scalar]
Retry: TypeAlias = Literal["safe", "idempotent", "create", "move"]


class Meta(Protocol):
    """What every answer says about itself."""

    @property
    def code(self) -> int:
        """The business code; `Operation.success_codes` are good news."""
        ...

    @property
    def type(self) -> str | None:
        """The kind of outcome, such as "Success" or "BadRequest"."""
        ...

    @property
    def message(self) -> str | None:
        """The outcome in words."""
        ...


class ResponseBody(Protocol):
    """The envelope around every answer."""

    @property
    def meta(self) -> Meta:
        """What the answer says about itself."""
        ...


T = TypeVar("T", bound=ResponseBody)


class RateLimit(Struct, frozen=True):
    """The documented quota of one account for one operation."""

    requests: int
    seconds: float


class BatchLimits(Struct, frozen=True):
    """How many items one request may carry, and the meta code that answers more."""

    max_items: int
    over_limit_code: int | None = None


class Bounds(Struct, frozen=True, kw_only=True):
    """What a query parameter may be: the limits of a number, or how many values a list takes."""

    name: str
    minimum: int | None = None
    maximum: int | None = None
    default: int | None = None
    max_items: int | None = None


class Pagination(Struct, frozen=True):
    """The names of the paging fields: two query parameters and two fields of `data`."""

    page: str
    size: str
    max_size: int
    items: str
    total: str | None = None


class ApiRejected(Exception):
    """
    The API answered, and said no.

    Attributes:
        operation: Id of the operation.
        status: HTTP status, which may well be 200.
        headers: HTTP headers.
        body: The answer as it came.
        code: `meta.code`; None when the body has none.
        type: `meta.type`, or "".
        message: `meta.message`, or "".
    """

    def __init__(
        self,
        operation: str,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        verdict: ResponseMeta,
    ) -> None:
        super().__init__()
        self.operation = operation
        self.status = status
        self.headers = dict(headers)
        self.body = body
        self.code = verdict.code
        self.type = verdict.type
        self.message = verdict.message

    def __str__(self) -> str:
        said = "no meta code" if self.code is None else f"meta code {self.code}"
        words = ": ".join(filter(None, (self.type, self.message)))
        where = f"{self.operation} refused with HTTP {self.status}, {said}"
        return f"{where} ({words})" if words else where

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        verdict = ResponseMeta(self.code, self.type, self.message)
        return type(self), (self.operation, self.status, self.headers, self.body, verdict)


class ContractViolated(Exception):
    """
    The API answered, and the answer cannot be read.

    Attributes:
        operation: Id of the operation.
        status: HTTP status.
        headers: HTTP headers.
        body: The answer as it came.
        reason: What is wrong with it, and where.
    """

    def __init__(
        self, operation: str, status: int, headers: Mapping[str, str], body: bytes, reason: str
    ) -> None:
        super().__init__()
        self.operation = operation
        self.status = status
        self.headers = dict(headers)
        self.body = body
        self.reason = reason

    def __str__(self) -> str:
        size = f"{len(self.body)} bytes"
        return f"{self.operation}: unreadable answer (HTTP {self.status}, {size}): {self.reason}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), (self.operation, self.status, self.headers, self.body, self.reason)


class Operation(Struct, Generic[T], frozen=True, kw_only=True):
    """One operation of the contract: how to call it, and how to read its answer."""

    id: str
    method: str
    path: str
    """Path template, such as "/trackings/{carrier_code}"."""

    tag: str
    response: type[T]
    request: type[object] | None = None
    """Type of the JSON body."""

    path_parameters: tuple[str, ...] = ()
    query_parameters: tuple[str, ...] = ()
    header_parameters: tuple[str, ...] = ()
    bounds: tuple[Bounds, ...] = ()
    """Of the query parameters that have some."""

    rate_limit: RateLimit | None = None
    retry: Retry
    batch: BatchLimits | None = None
    pagination: Pagination | None = None
    success_codes: frozenset[int]
    """Values of `meta.code` that mean success."""

    def bounds_of(self, name: str) -> Bounds:
        """Give the bounds of a query parameter."""
        return next((bounds for bounds in self.bounds if bounds.name == name), Bounds(name=name))

    def call(
        self,
        *,
        path: Mapping[str, Scalar] | None = None,
        query: Mapping[str, Parameter | None] | None = None,
        headers: Mapping[str, Parameter | None] | None = None,
        body: object = None,
    ) -> "Call[T]":
        """
        Fill the operation in.

        Args:
            path: Value of each path parameter.
            query: Query parameters; None leaves one out, a sequence is joined by commas.
            headers: Header parameters, in the same way.
            body: The JSON body; None sends none.

        Raises:
            ValueError: A path parameter is missing, empty, or could change the path; or a header
                holds a control character.
        """
        url = self.path
        for name in self.path_parameters:
            url = url.replace(f"{{{name}}}", _segment(name, (path or {}).get(name)))
        return Call(
            operation=self,
            path=url,
            query=_pairs(query),
            headers=tuple((name, _header(name, value)) for name, value in _pairs(headers)),
            body=None if body is None else msgspec.json.encode(body),
        )

    def parse(
        self,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        *,
        on_repair: Callable[[Repair], None] | None = None,
    ) -> T:
        """
        Read an answer, whatever it is.

        An answer that breaks the contract in places is read as far as it goes.

        Args:
            status: HTTP status.
            headers: HTTP headers; kept on the error, not read.
            body: The answer's bytes.
            on_repair: Told of each place where the answer broke the contract and was mended.

        Raises:
            ApiRejected: A status other than 2xx, or a meta code that means no.
            ContractViolated: A success that cannot be read.
        """
        repairs: list[Repair] = []
        try:
            answer = _decoder(self.response).decode(body)
        except UNREADABLE as error:
            verdict = peek(body)
            if self._refused(status, verdict.code):
                raise ApiRejected(self.id, status, headers, body, verdict) from error
            try:
                answer = salvage(body, self.response, repairs)
            except Irreparable as found:
                raise ContractViolated(self.id, status, headers, body, str(found)) from error
        meta = answer.meta
        if self._refused(status, meta.code):
            verdict = ResponseMeta(meta.code, meta.type or "", meta.message or "")
            raise ApiRejected(self.id, status, headers, body, verdict)
        if on_repair:
            for repair in repairs:
                on_repair(repair)
        return answer

    def _refused(self, status: int, code: int | None) -> bool:
        ok = 200 <= status < 300
        return not ok or (code is not None and code not in self.success_codes)


class Call(Struct, Generic[T], frozen=True, kw_only=True):
    """One request, ready to be sent by any HTTP library, relative to the API's base URL."""

    operation: Operation[T]
    path: str
    """Encoded, and starting with "/"."""

    query: tuple[tuple[str, str], ...] = ()
    """Pairs, not encoded."""

    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    """JSON; the content type is application/json."""


_decoders: dict[type, msgspec.json.Decoder[Any]] = {}


def _decoder(response: type[T]) -> msgspec.json.Decoder[T]:
    """Build decoders late, as an import should not pay for operations that are never called."""
    decoder = _decoders.get(response)
    if decoder is None:
        decoder = _decoders[response] = msgspec.json.Decoder(response)
    return decoder


def _text(value: Parameter) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return ",".join(map(_text, value))


def _pairs(values: Mapping[str, Parameter | None] | None) -> tuple[tuple[str, str], ...]:
    given = (values or {}).items()
    return tuple((name, _text(value)) for name, value in given if value is not None)


def _has_control_character(text: str) -> bool:
    return any(character < " " or "\x7f" <= character <= "\x9f" for character in text)


def _segment(name: str, value: Scalar | None) -> str:
    """Encode a path segment, and refuse one that a server or proxy may read as something else."""
    if value is None:
        raise ValueError(f"path parameter {name} is missing")
    text = _text(value)
    if not text:
        raise ValueError(f"path parameter {name} is empty")
    if text in {".", ".."} or "/" in text or "\\" in text or _has_control_character(text):
        raise ValueError(f"path parameter {name} cannot be one path segment: {text!r}")
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise ValueError(f"path parameter {name} is not valid Unicode: {text!r}") from None


def _header(name: str, text: str) -> str:
    if _has_control_character(text):
        raise ValueError(f"header {name} holds a control character: {text!r}")
    return text
