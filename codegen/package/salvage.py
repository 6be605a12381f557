"""
The slow path of parsing: repair of responses that do not match their type.

A malformed field must not cost the caller the rest of a page. So a part that cannot be decoded is
opened along the path that the decoder names, until only the malformed value is left: everything
beside it is decoded normally. That value is repaired or dropped. Each change is reported as a
`Repair`, without the value, which may be personal data.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, TypeGuard, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import UNSET, Raw, Struct
from msgspec.structs import FieldInfo, asdict, fields

from .limits import MAX_ITEMS, TooExpensive, has_too_many_items, may_have_many_items

T = TypeVar("T")

UNREADABLE = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
"""The errors of msgspec for arbitrary bytes, including invalid UTF-8 and deep nesting."""

MAX_REPAIRS = MAX_ITEMS
"""Fifty per tracking of the largest page; repairing a response with more would take minutes."""

_MAX_DEPTH = 64
_MAX_META = 2**20
_MAX_REWRITTEN = 2**25
"""Bytes of a response with invalid characters that is rewritten, which takes a copy of it."""

_PIECE = 2**20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NOT_WHITESPACE = re.compile(rb"[^ \t\r\n]")
_SEPARATOR = re.compile(rb'[ ,"]')
"""Where a piece may end: such a byte is never within a character or a surrogate pair."""

_ESCAPES = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
"""Matches escaped backslashes and surrogate pairs first; the group `lone` is a lone surrogate."""


_REPLACEMENT = "\ufffd".encode()
_ESCAPED_REPLACEMENT = rb"\ufffd"


class _HugeNumber:
    """A number that no type of Python's can hold."""


_NO_MATCH = object()
_SHAPES: Mapping[str, Any] = {"{": dict[str, Raw], "[": list[Raw]}
_JSON_NAMES: Mapping[type[object], str] = {
    NoneType: "null",
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    list: "array",
    dict: "object",
    datetime: "time with an offset",
    _HugeNumber: "a number out of range",
}


class Repair(Struct, frozen=True, gc=False):
    """One place where a response violated the contract and was repaired."""

    path: str
    """JSON path of the place, such as "$.data.items[5].title"."""

    problem: str
    """The violation, such as "expected str, got object"; never the value."""

    original: str | int | float | bool | None = None
    """The value of a time that was replaced by None, such as a text without an offset."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(path={self.path!r}, problem={self.problem!r})"


class Irreparable(Exception):
    """A value does not match its type, and cannot be repaired."""

    def __init__(self, path: str, problem: str, original: str | float | None = None) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem
        self.original = original

    def __str__(self) -> str:
        return f"{self.problem} at {self.path}"


class _TooManyRepairs(Exception):
    """The response needs too many repairs."""


class ResponseMeta(Struct, frozen=True):
    """The metadata of a response, as far as it can be parsed."""

    code: int | None = None
    type: str = ""
    message: str = ""


class _Unreadable(Exception):
    """The response is not JSON."""


class _Opened(Struct):
    """A struct with decoded fields, apart from the one that could not be decoded."""

    malformed: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Its name in JSON, and its name; empty if the struct lacks a required field."""


class _Envelope(Struct):
    meta: Raw = Raw(b"null")


def peek(body: bytes) -> ResponseMeta:
    """Return only the `meta` of a response, as far as it can be parsed."""
    text = _without_mark(body)
    try:
        try:
            meta = _meta(text)
        except UNREADABLE:
            meta = _meta(_readable(text))
    except UNREADABLE:
        return ResponseMeta()
    if not _is_object(meta):
        return ResponseMeta()
    return ResponseMeta(
        _code(meta.get("code")), _text(meta.get("type")), _text(meta.get("message"))
    )


def salvage(
    body: bytes,
    response: type[T],
    repairs: list[Repair],
    error: Exception | None = None,
    max_repairs: int | None = None,
) -> T:
    """
    Parse a response, repair what does not match its type, and append each repair to `repairs`.

    Args:
        body: The raw response.
        response: The type.
        repairs: Receives the repairs.
        error: The error of the decoder, if decoding was tried already.
        max_repairs: Maximum number of repairs. Default: `MAX_REPAIRS`.

    Raises:
        Irreparable: The body is not JSON, would take far more memory than its size suggests, or
            has a required part that is invalid; or it needs more than `max_repairs` repairs, or
            the repair of an array or object of more than `MAX_ITEMS` items.
    """
    if isinstance(error, TooExpensive):
        raise Irreparable("$", str(error))
    limit = MAX_REPAIRS if max_repairs is None else max_repairs
    try:
        return _salvage(body, response, repairs, error, limit)
    except _Unreadable as unreadable:
        problem = f"not JSON ({unreadable.__cause__})"
    except _TooManyRepairs:
        problem = f"more than {limit} repairs needed"
    # Outside of the handlers, whose error would keep all that was decoded in memory.
    raise Irreparable("$", problem)


def _salvage(
    body: bytes,
    response: type[T],
    repairs: list[Repair],
    error: Exception | None,
    max_repairs: int,
) -> T:
    text = _without_mark(body)
    if len(text) < len(body):
        repairs.append(Repair("$", "starts with a byte order mark"))
        error = None
    text = _without_whitespace(text)  # the first byte distinguishes objects from arrays
    before = len(repairs)
    try:
        fitted: T = _Repairer(repairs, max_repairs).fit(Raw(text), response, "$", error)
    except _Unreadable as unreadable:
        readable = _readable(text)
        if readable is text:
            raise
        is_unicode_error = isinstance(unreadable.__cause__, UnicodeDecodeError)
        problem = "bytes that are not UTF-8" if is_unicode_error else "a lone surrogate"
        repairs[before:] = [Repair("$", f"contains {problem}")]
        fitted = _Repairer(repairs, max_repairs).fit(Raw(readable), response, "$")
    return fitted


class _Repairer:
    """Decoder that repairs what does not match the type, and records every repair."""

    def __init__(self, repairs: list[Repair], max_repairs: int) -> None:
        self._repairs = repairs
        self._left = max_repairs
        self._depth = 0

    def fit(self, value: Raw, hint: Any, path: str, error: Exception | None = None) -> Any:
        """Return `value` decoded to the type `hint`, repaired if `error` or decoding it says so."""
        try:
            if error:
                raise error
            return decoder(hint).decode(value)
        except msgspec.ValidationError as mismatch:
            opened = _open(value, hint, mismatch)
        except UNREADABLE as unreadable:
            raise _Unreadable from unreadable
        return self._repair(opened, hint, path)

    def _repair(self, value: object, hint: Any, path: str) -> Any:
        """Return an opened value, which does not match the type, converted to it."""
        fitted = self._fit_number(value, hint, path)
        if fitted is not _NO_MATCH:
            return fitted
        if self._depth >= _MAX_DEPTH:
            raise Irreparable(path, "nested too deeply")
        base = get_origin(hint) or hint
        self._depth += 1
        try:
            if base is Union or base is UnionType:
                return self._fit_union(value, hint, path)
            if base is list:
                return self._fit_list(value, hint, path)
            if base is dict:
                return self._fit_map(value, hint, path)
            if isinstance(base, type) and issubclass(base, Struct):
                return self._fit_struct(value, base, path)
            return self._fit_scalar(value, hint, path)
        finally:
            self._depth -= 1

    def _fit_number(self, value: object, hint: object, path: str) -> object:
        """Convert 1.0 to 1, the same number in JSON, in preference to a string."""
        if isinstance(value, float) and value.is_integer():
            fitted = _convert(int(value), hint, strict=True)
            if fitted is not _NO_MATCH:
                self._record(path, type(fitted), value)
            return fitted
        # The decoder takes an integer of more than 64 bits for a float.
        return _convert(value, hint, strict=True) if isinstance(value, int) else _NO_MATCH

    def _fit_union(self, value: object, hint: object, path: str) -> object:
        members = get_args(hint)
        if NoneType in members and value in ("", []):
            self._record(path, hint, value)
            return None
        # Try members of the value's own JSON type first: their repair loses less.
        for member in sorted(members, key=lambda member: _expected(member) != _kind(value)):
            before = len(self._repairs)
            try:
                return self._repair(value, member, path)
            except Irreparable:
                del self._repairs[before:]
        raise _mismatch(path, hint, value)

    def _fit_list(self, value: object, hint: object, path: str) -> list[object]:
        (item_hint,) = get_args(hint) or (Any,)
        items = self._unwrap(value, hint, path)
        if _is_object(items) and all(key.isdecimal() for key in items):
            # PHP encodes a list with gaps as an object; an empty object is an empty list.
            self._record(path, hint, items)
            items = list(items.values())
        if not _is_array(items):
            raise _mismatch(path, hint, value)
        fitted: list[object] = []
        decode = decoder(item_hint).decode
        for index, item in enumerate(items):
            try:
                fitted.append(decode(item))
            except UNREADABLE as error:
                self._keep_or_drop(fitted.append, item, item_hint, f"{path}[{index}]", error)
        return fitted

    def _fit_map(self, value: object, hint: object, path: str) -> dict[object, object]:
        key_hint, item_hint = get_args(hint) or (str, Any)
        items = self._unwrap(value, hint, path)
        if not _is_object(items):
            raise _mismatch(path, hint, value)
        fitted: dict[object, object] = {}
        for key, item in items.items():
            place = f"{path}[...]"
            name = _convert(key, key_hint, strict=False)
            if name is not _NO_MATCH:
                self._keep_or_drop(partial(fitted.__setitem__, name), item, item_hint, place)
        return fitted

    def _fit_struct(self, value: object, struct: type[Struct], path: str) -> Struct:
        found = value if isinstance(value, _Opened) else self._unwrap(value, struct, path)
        if isinstance(found, _Opened):
            fitted, rest = _split(found)
        elif _is_object(found):
            fitted, rest = {}, found
        else:
            raise _mismatch(path, struct, value)
        failures: list[tuple[FieldInfo, Irreparable]] = []
        for field in _fields(struct):
            if field.name in fitted:
                continue
            place = f"{path}.{field.encode_name}"
            if field.encode_name not in rest:
                if field.required:
                    failures.append((field, Irreparable(place, "missing")))
                continue
            before = len(self._repairs)
            try:
                fitted[field.name] = self._fit_field(rest[field.encode_name], field, place)
            except Irreparable as failure:
                del self._repairs[before:]
                if field.required:
                    failures.append((field, failure))
                    continue
                problem = failure.problem if failure.path == place else f"left out: {failure}"
                self._add(place, problem, failure.original)
        self._fill(struct, fitted, failures, is_empty=value in ([], {}))
        return struct(**fitted)

    def _fit_field(self, value: object, field: FieldInfo, path: str) -> object:
        if isinstance(value, Raw):
            return self.fit(value, field.type, path)
        return self._repair(value, field.type, path)  # opened along the path of the error

    def _fill(
        self,
        struct: type[Struct],
        fitted: dict[str, object],
        failures: list[tuple[FieldInfo, Irreparable]],
        *,
        is_empty: bool,
    ) -> None:
        """
        Set required strings that are missing or invalid to "", as PHP does for missing values.

        In a map of counts, those that are missing are 0; the map may be empty, even as []. Another
        object needs a required field that is valid: without one it is of another type.
        """
        is_counts = _is_map_of_counts(struct)
        recognised = (is_counts and is_empty) or any(
            field.required and field.name in fitted for field in _fields(struct)
        )
        for field, failure in failures:
            nothing = 0 if is_counts and failure.problem == "missing" else ""
            empty = _convert(nothing, field.type, strict=True) if recognised else _NO_MATCH
            if empty is _NO_MATCH:
                raise failure
            fitted[field.name] = empty
            self._add(failure.path, failure.problem)

    def _fit_scalar(self, value: object, hint: object, path: str) -> object:
        # Even if any value is allowed: these are not decoded, because of a number in them.
        if type(value) in {dict, list, _HugeNumber}:
            raise _mismatch(path, hint, value)
        fitted = _convert(value, hint, strict=False)
        if fitted is _NO_MATCH and isinstance(value, bool | int | float):
            fitted = _convert(msgspec.json.encode(value).decode(), hint, strict=True)
        # A number that msgspec takes for a time may be anything: the offset would be a guess.
        if fitted is _NO_MATCH or isinstance(fitted, datetime):
            raise _mismatch(path, hint, value)
        self._record(path, hint, value)
        return fitted

    def _unwrap(self, value: object, hint: Any, path: str) -> object:
        """
        Return the list or object that was encoded as "", null, [], or JSON in a string.

        An array of one object is that object, as a sister API sends it.
        """
        expected = _expected(hint)
        unwrapped: object = value
        if value is None or value in ("", []):
            unwrapped = list[Raw]() if expected == "array" else dict[str, Raw]()
        elif expected == "object" and _is_array(value) and len(value) == 1:
            unwrapped = _with_raw_items(value[0])
        elif isinstance(value, str) and value.lstrip().startswith(("{", "[")):
            if value.count(",") >= MAX_ITEMS:
                return value
            try:
                unwrapped = msgspec.json.decode(value, type=_SHAPES[value.lstrip()[:1]])
            except UNREADABLE:
                return value
        if _kind(unwrapped) == expected != _kind(value):
            self._record(path, hint, value)
        return unwrapped

    def _keep_or_drop(
        self,
        keep: Callable[[object], None],
        item: Raw,
        hint: object,
        path: str,
        error: Exception | None = None,
    ) -> None:
        before = len(self._repairs)
        try:
            keep(self.fit(item, hint, path, error))
        except Irreparable as failure:
            del self._repairs[before:]
            self._add(path, f"dropped: {failure}")

    def _record(self, path: str, hint: object, value: object) -> None:
        self._add(path, _mismatch(path, hint, value).problem)

    def _add(self, path: str, problem: str, original: str | float | None = None) -> None:
        """Record a repair; those reverted later count too, because they cost time."""
        if not self._left:
            raise _TooManyRepairs
        self._left -= 1
        self._repairs.append(Repair(path, problem, original))


def _without_mark(body: bytes) -> memoryview:
    """Return a view of a response without its byte order mark; a copy would take memory."""
    is_marked = body.startswith(_BYTE_ORDER_MARK)
    return memoryview(body)[len(_BYTE_ORDER_MARK) if is_marked else 0 :]


def _without_whitespace(text: memoryview) -> memoryview:
    first = _NOT_WHITESPACE.search(text)
    return text[first.start() :] if first else text


def _meta(text: memoryview) -> object:
    """Return `meta`, or None if it is too large to be the API's."""
    meta = decoder(_Envelope).decode(text).meta
    return None if len(memoryview(meta)) > _MAX_META else msgspec.json.decode(meta)


def _readable(text: memoryview) -> memoryview:
    """
    Replace invalid UTF-8 and lone surrogates.

    Return the text itself if it has none, if it is large, or if it has more than `MAX_REPAIRS`.
    """
    if len(text) > _MAX_REWRITTEN:
        return text
    readable, replaced = bytearray(), 0
    for piece in _pieces(text):
        repaired = _ESCAPES.sub(_replace_lone, piece.decode(errors="replace").encode())
        replaced += repaired.count(_REPLACEMENT) + repaired.count(_ESCAPED_REPLACEMENT)
        if replaced > MAX_REPAIRS:
            return text
        readable += repaired
    return memoryview(readable) if replaced else text


def _pieces(text: memoryview) -> Iterator[bytes]:
    """Yield a text in pieces: a copy takes up to four times its size while it is rewritten."""
    start = 0
    while start < len(text):
        longest = start + 2 * _PIECE
        separator = _SEPARATOR.search(text, start + _PIECE, longest)
        end = separator.start() if separator else longest
        yield bytes(text[start:end])
        start = end


def _replace_lone(found: re.Match[bytes]) -> bytes:
    return _ESCAPED_REPLACEMENT if found["lone"] else found[0]


def _open(value: Raw, hint: Any, error: msgspec.ValidationError) -> object:
    """
    Decode a value as far as it matches its type.

    A struct is opened along the path of the error. If it has a second malformed part, or is no
    struct, the items of an object or array are left raw.
    """
    # An array of many items is opened by itself, after its items are counted.
    array = Raw if may_have_many_items(memoryview(value)) else list[Raw]
    shape = _opened_shape(hint, _names(error), array)
    try:
        if shape is not Raw:
            return decoder(shape).decode(value)
    except UNREADABLE:
        pass
    return _with_raw_items(value)


def _with_raw_items(value: Raw) -> object:
    """Decode a value, but not the items of an object or array."""
    if has_too_many_items(memoryview(value)):
        raise _TooManyRepairs
    try:
        return decoder(_SHAPES.get(chr(memoryview(value)[0]), object)).decode(value)
    except msgspec.ValidationError:
        return _HugeNumber()
    except UNREADABLE as unreadable:
        raise _Unreadable from unreadable


def _names(error: msgspec.ValidationError) -> tuple[str, ...]:
    """Return the names of the fields that lead to the error, as far as the first list."""
    _, _, path = str(error).rpartition(" - at `$")
    return tuple(path.rstrip("`").partition("[")[0].split(".")[1:])


@cache
def _opened_shape(hint: Any, names: tuple[str, ...], array: Any) -> Any:
    """
    Return the type that decodes all of `hint` but the field that the names lead to.

    An array is decoded to the type `array`.
    """
    members = [member for member in get_args(hint) if member is not NoneType]
    base: Any = get_origin(hint) or hint
    if base is list:
        return array
    if len(members) == 1 and base is not dict:
        return _opened_shape(members[0], names, array)
    if not (isinstance(base, type) and issubclass(base, Struct)) or _is_map_of_counts(base):
        return Raw
    shapes = [
        (field.name, _malformed_shape(field.type, names[1:], array), UNSET)
        if names[:1] == (field.encode_name,)
        else (field.name, field.type, UNSET)
        for field in _fields(base)
    ]
    encoded = {field.name: field.encode_name for field in _fields(base)}
    malformed = tuple((name, field) for field, name in encoded.items() if names[:1] == (name,))
    namespace = {"malformed": malformed}
    return msgspec.defstruct(
        "Opened", shapes, bases=(_Opened,), namespace=namespace, rename=encoded, gc=False
    )


def _malformed_shape(hint: Any, names: tuple[str, ...], array: Any) -> Any:
    """Return the type for a malformed field: raw if no part of it is named, since it may be []."""
    shape = _opened_shape(hint, names, array)
    return shape if names or shape == array else Raw


def _split(opened: _Opened) -> tuple[dict[str, object], dict[str, object]]:
    """Return the decoded fields by their name, and the malformed one by its name in JSON."""
    fitted = {name: value for name, value in asdict(opened).items() if value is not UNSET}
    malformed = opened.malformed
    return fitted, {encoded: fitted.pop(name) for encoded, name in malformed if name in fitted}


def _convert(value: object, hint: Any, *, strict: bool) -> object:
    try:
        return msgspec.convert(value, hint, strict=strict)
    except UNREADABLE:
        return _NO_MATCH


_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def decoder(hint: type[T]) -> msgspec.json.Decoder[T]:
    """Return the cached decoder of a type; building all on import would make it slow."""
    found = _decoders.get(hint)
    if found is None:
        found = _decoders[hint] = msgspec.json.Decoder(hint)
    return found


@cache
def _fields(struct: type[Struct]) -> tuple[FieldInfo, ...]:
    return fields(struct)


def _is_map_of_counts(struct: type[Struct]) -> bool:
    return all(field.type is int for field in _fields(struct))


def _mismatch(path: str, hint: object, value: object) -> Irreparable:
    expected = _expected(hint)
    problem = f"expected {expected}, got {_kind(value)}"
    if _JSON_NAMES[datetime] in expected and isinstance(value, str | int | float):
        return Irreparable(path, problem, original=value)
    return Irreparable(path, problem)


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[Raw]]:
    return isinstance(value, list)


def _kind(value: object) -> str:
    return _JSON_NAMES.get(type(value), "object")


def _expected(hint: Any) -> str:
    if isinstance(hint, UnionType) or get_origin(hint) is Union:
        return " | ".join(map(_type_name, get_args(hint)))  # not cached, as the order counts
    return _type_name(hint)


@cache
def _type_name(hint: Any) -> str:
    base = get_origin(hint) or hint
    if base is Annotated:
        return _type_name(get_args(hint)[0])
    if not isinstance(base, type):
        return "a listed value"
    kind: type[object] = base
    return "object" if issubclass(kind, Struct) else _JSON_NAMES.get(kind, kind.__name__)


def _code(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str | int | float):
        code = _convert(value, int, strict=False)
        return code if isinstance(code, int) else None
    return None


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""
