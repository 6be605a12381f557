"""
Operations and calls as values, and the parsing of responses, without I/O.

    ApiRejected         the API returned an error
    ContractViolated    the response cannot be parsed
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, Protocol, Self, TypeAlias, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from .salvage import UNREADABLE, Irreparable, Repair, ResponseMeta, decoder, peek, salvage

Scalar: TypeAlias = str | int | float | bool
Parameter: TypeAlias = Scalar | Sequence[Scalar]
Retry: TypeAlias = Literal["safe", "idempotent", "create", "move"]
AwareDatetime: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with an offset; a text without one does not match."""


class Model(Struct, frozen=True, gc=False):
    """Base class of the models, which pydantic and FastAPI accept as types of fields and bodies."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: Any, /) -> Any:
        """
        Return a schema for pydantic: the object as the API has it, read and written by msgspec.

        Input is a model, or an object with the names and types of the API; output is the same
        object, as JSON has it.
        """
        from pydantic_core import PydanticCustomError, ValidationError, core_schema

        def read(value: object, _described: object) -> object:
            # pydantic only describes the object; reading it twice would be two sets of rules.
            try:
                return msgspec.convert(value, cls)
            except msgspec.ValidationError as error:
                problem, place = _problem_and_place(error)
                kind = PydanticCustomError("invalid", "{problem}", {"problem": problem})
                raise ValidationError.from_exception_data(
                    cls.__name__, [{"type": kind, "loc": place, "input": value}]
                ) from None

        described = {
            field.encode_name: core_schema.typed_dict_field(
                handler.generate_schema(field.type), required=field.required
            )
            for field in msgspec.structs.fields(cls)
        }
        return core_schema.no_info_wrap_validator_function(
            read,
            core_schema.typed_dict_schema(
                described,
                cls=cls,
                extra_behavior="forbid"
                if cls.__struct_config__.forbid_unknown_fields
                else "ignore",
            ),
            ref=f"{cls.__module__}.{cls.__qualname__}",
            serialization=core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins),
        )


class Meta(Protocol):
    """The metadata of every response."""

    @property
    def code(self) -> int:
        """The meta code; those in `Operation.success_codes` mean success."""
        ...

    @property
    def type(self) -> str | None:
        """The kind of result, such as "Success" or "Bad Request"."""
        ...

    @property
    def message(self) -> str | None:
        """A description of the result."""
        ...


class ResponseBody(Protocol):
    """The envelope of every response."""

    @property
    def meta(self) -> Meta:
        """The metadata of the response."""
        ...


T = TypeVar("T", bound=ResponseBody)


class RateLimit(Struct, frozen=True):
    """The documented rate limit of one account for one operation."""

    requests: int
    seconds: float


class BatchLimits(Struct, frozen=True):
    """The maximum number of items per request, and the meta code for more."""

    max_items: int
    over_limit_code: int | None = None


class Bounds(Struct, frozen=True, kw_only=True):
    """Bounds of a query parameter: limits of a number, or the maximum length of a list."""

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
    The API returned an error.

    Attributes:
        operation: Id of the operation.
        status: HTTP status, often 200.
        headers: HTTP headers.
        body: The raw response.
        code: `meta.code`; None if missing.
        type: `meta.type`, or "" if missing.
        message: `meta.message`, or "" if missing.
    """

    def __init__(
        self,
        operation: str,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        meta: ResponseMeta,
    ) -> None:
        super().__init__()
        self.operation = operation
        self.status = status
        self.headers = dict(headers)
        self.body = body
        self.code = meta.code
        self.type = meta.type
        self.message = meta.message

    def __str__(self) -> str:
        code = "no meta code" if self.code is None else f"meta code {self.code}"
        details = ": ".join(filter(None, (self.type, self.message)))
        summary = f"{self.operation} failed with HTTP {self.status}, {code}"
        return f"{summary} ({details})" if details else summary

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        meta = ResponseMeta(self.code, self.type, self.message)
        return type(self), (self.operation, self.status, self.headers, self.body, meta)


class ContractViolated(Exception):
    """
    The response cannot be parsed.

    Attributes:
        operation: Id of the operation.
        status: HTTP status.
        headers: HTTP headers.
        body: The raw response.
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
        return f"{self.operation}: unreadable response (HTTP {self.status}, {size}): {self.reason}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), (self.operation, self.status, self.headers, self.body, self.reason)


class Operation(Struct, Generic[T], frozen=True, kw_only=True):
    """One operation of the contract: how to build its request and parse its response."""

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
    """Bounds of the query parameters that have any."""

    rate_limit: RateLimit | None = None
    retry: Retry
    batch: BatchLimits | None = None
    pagination: Pagination | None = None
    success_codes: frozenset[int]
    """Values of `meta.code` that mean success."""

    def bounds_of(self, name: str) -> Bounds:
        """Return the bounds of a query parameter; all None if it has none."""
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
        Return a call of the operation.

        Args:
            path: Value of each path parameter.
            query: Query parameters; None omits one, a sequence is joined by commas.
            headers: Header parameters, in the same form.
            body: The JSON body; None for no body.

        Raises:
            ValueError: A path parameter is missing, empty, or could change the path; or a header
                contains a control character.
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
        Parse any response.

        A response that violates the contract in places is repaired as far as possible.

        Args:
            status: HTTP status.
            headers: HTTP headers; stored on the error, not parsed.
            body: The raw response.
            on_repair: Called with each repair. Default: not reported.

        Raises:
            ApiRejected: The status is not 2xx, or the meta code is an error.
            ContractViolated: A successful response cannot be parsed.
        """
        repairs: list[Repair] = []
        try:
            response = decoder(self.response).decode(body)
        except UNREADABLE as error:
            # Read `meta` first: an error response need not match the schema of success.
            meta = peek(body)
            if self._is_rejected(status, meta.code):
                raise ApiRejected(self.id, status, headers, body, meta) from error
            try:
                response = salvage(body, self.response, repairs, error)
            except Irreparable as irreparable:
                reason = str(irreparable)
                raise ContractViolated(self.id, status, headers, body, reason) from error
        found = response.meta
        if self._is_rejected(status, found.code):
            meta = ResponseMeta(found.code, found.type or "", found.message or "")
            raise ApiRejected(self.id, status, headers, body, meta)
        if on_repair:
            for repair in repairs:
                on_repair(repair)
        return response

    def _is_rejected(self, status: int, code: int | None) -> bool:
        ok = 200 <= status < 300
        return not ok or (code is not None and code not in self.success_codes)


class Call(Struct, Generic[T], frozen=True, kw_only=True):
    """One request, relative to the API's base URL, that any HTTP library can send."""

    operation: Operation[T]
    path: str
    """Percent-encoded, starting with "/"."""

    query: tuple[tuple[str, str], ...] = ()
    """Names and values, not encoded."""

    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    """JSON, for the content type application/json."""


def _problem_and_place(error: msgspec.ValidationError) -> tuple[str, tuple[str | int, ...]]:
    """Return the message of an error, and the names and indexes that lead to its place."""
    problem, _, path = str(error).partition(" - at `$")
    keys = re.findall(r"[^.\[\]`]+", path)
    return problem, tuple(int(key) if key.isdecimal() else key for key in keys)


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
    """Encode a path segment; reject values that a server or proxy may interpret as another path."""
    if value is None:
        raise ValueError(f"path parameter {name} is missing")
    text = _text(value)
    if not text:
        raise ValueError(f"path parameter {name} is empty")
    if text in {".", ".."} or "/" in text or "\\" in text or _has_control_character(text):
        raise ValueError(
            f"path parameter {name} is {text!r}; it must be one path segment, without slashes, "
            "backslashes or control characters, and not . or .."
        )
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise ValueError(f"path parameter {name} is not valid Unicode: {text!r}") from None


def _header(name: str, text: str) -> str:
    if _has_control_character(text):
        # Not quoted, since a header may contain an API key.
        raise ValueError(f"header {name} contains a control character")
    return text
