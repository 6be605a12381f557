# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""
The slow path of parsing: repair of responses that do not match their type.

A malformed field must not cost the caller the rest of a page. So the response is decoded to plain
JSON and converted to the type piece by piece; valid parts are kept, invalid parts are repaired or
dropped. Each change is reported as a `Repair`, without the value, which may be personal data.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeGuard, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo, fields

T = TypeVar("T")

UNREADABLE = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
"""The errors of msgspec for arbitrary bytes, including invalid UTF-8 and deep nesting."""

MAX_REPAIRS = 100_000
"""Fifty per tracking of the largest page; repairing a response with more would take minutes."""

_MAX_DEPTH = 64
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ESCAPES = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
"""Matches escaped backslashes and surrogate pairs first; the group `lone` is a lone surrogate."""

_NO_MATCH = object()
_JSON_NAMES: Mapping[type[object], str] = {
    NoneType: "null",
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    list: "array",
    dict: "object",
}


class Repair(Struct, frozen=True):
    """One place where a response violated the contract and was repaired."""

    path: str
    """JSON path of the place, such as "$.data.items[5].title"."""

    problem: str
    """The violation, such as "expected str, got object"; never the value."""


class Irreparable(Exception):
    """A value does not match its type, and cannot be repaired."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem} at {self.path}"


class _TooManyRepairs(Exception):
    """The response needs more than `MAX_REPAIRS` repairs."""


class ResponseMeta(Struct, frozen=True):
    """The metadata of a response, as far as it can be parsed."""

    code: int | None = None
    type: str = ""
    message: str = ""


class _Envelope(Struct):
    meta: object = None


def peek(body: bytes) -> ResponseMeta:
    """Return only the `meta` of a response, as far as it can be parsed."""
    try:
        meta = _decode(body, _Envelope, []).meta
    except UNREADABLE:
        return ResponseMeta()
    if not _is_object(meta):
        return ResponseMeta()
    return ResponseMeta(
        _code(meta.get("code")), _text(meta.get("type")), _text(meta.get("message"))
    )


def salvage(body: bytes, response: type[T], repairs: list[Repair]) -> T:
    """
    Parse a response, repair what does not match its type, and append each repair to `repairs`.

    Raises:
        Irreparable: The body is not JSON, a required part is invalid, or more than `MAX_REPAIRS`
            repairs are needed.
    """
    try:
        plain = _decode(body, object, repairs)
    except UNREADABLE as error:
        raise Irreparable("$", f"not JSON ({error})") from None
    try:
        fitted: T = _Repairer(repairs).fit(plain, response, "$")
    except _TooManyRepairs:
        raise Irreparable("$", f"more than {MAX_REPAIRS} repairs needed") from None
    return fitted


class _Repairer:
    """Converter from plain JSON to types that records every repair."""

    def __init__(self, repairs: list[Repair]) -> None:
        self._repairs = repairs
        self._left = MAX_REPAIRS
        self._depth = 0

    def fit(self, value: object, hint: Any, path: str) -> Any:
        """Return `value` converted to the type `hint`, repaired if necessary."""
        fitted = _convert(value, hint, strict=True)
        if fitted is _NO_MATCH and isinstance(value, float) and value.is_integer():
            fitted = self._fit_whole(value, hint, path)
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

    def _fit_whole(self, value: float, hint: object, path: str) -> object:
        """Convert 1.0 to 1, the same number in JSON, in preference to a string."""
        fitted = _convert(int(value), hint, strict=True)
        if fitted is not _NO_MATCH:
            self._record(path, type(fitted), value)
        return fitted

    def _fit_union(self, value: object, hint: object, path: str) -> object:
        members = get_args(hint)
        if NoneType in members and value in ("", []):
            self._record(path, hint, value)
            return None
        # Try members of the value's own JSON type first: their repair loses less.
        for member in sorted(members, key=lambda member: _expected(member) != _kind(value)):
            before = len(self._repairs)
            try:
                return self.fit(value, member, path)
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
        for index, item in enumerate(items):
            self._keep_or_drop(fitted.append, item, item_hint, f"{path}[{index}]")
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
        found = self._unwrap(value, struct, path)
        if not _is_object(found):
            raise _mismatch(path, struct, value)
        fitted: dict[str, object] = {}
        failures: list[tuple[FieldInfo, Irreparable]] = []
        for field in _fields(struct):
            place = f"{path}.{field.encode_name}"
            if field.encode_name not in found:
                if field.required:
                    failures.append((field, Irreparable(place, "missing")))
                continue
            before = len(self._repairs)
            try:
                fitted[field.name] = self.fit(found[field.encode_name], field.type, place)
            except Irreparable as failure:
                del self._repairs[before:]
                if field.required:
                    failures.append((field, failure))
                    continue
                problem = failure.problem if failure.path == place else f"left out: {failure}"
                self._add(place, problem)
        self._fill(struct, fitted, failures, is_empty=value in ([], {}))
        return struct(**fitted)

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
        fitted = _convert(value, hint, strict=False)
        if fitted is _NO_MATCH and isinstance(value, bool | int | float):
            fitted = _convert(msgspec.json.encode(value).decode(), hint, strict=True)
        if fitted is _NO_MATCH:
            raise _mismatch(path, hint, value)
        self._record(path, hint, value)
        return fitted

    def _unwrap(self, value: object, hint: object, path: str) -> object:
        """
        Return the list or object that was encoded as "", null, [], or JSON in a string.

        An array of one object is that object, as a sister API sends it.
        """
        expected = _expected(hint)
        unwrapped: object = value
        if value is None or value in ("", []):
            unwrapped = list[object]() if expected == "array" else dict[str, object]()
        elif expected == "object" and _is_array(value) and len(value) == 1:
            unwrapped = value[0]
        elif isinstance(value, str) and value.lstrip().startswith(("{", "[")):
            try:
                unwrapped = msgspec.json.decode(value)
            except UNREADABLE:
                return value
        if _kind(unwrapped) == expected != _kind(value):
            self._record(path, hint, value)
        return unwrapped

    def _keep_or_drop(
        self, keep: Callable[[object], None], item: object, hint: object, path: str
    ) -> None:
        before = len(self._repairs)
        try:
            keep(self.fit(item, hint, path))
        except Irreparable as failure:
            del self._repairs[before:]
            self._add(path, f"dropped: {failure}")

    def _record(self, path: str, hint: object, value: object) -> None:
        self._add(path, _mismatch(path, hint, value).problem)

    def _add(self, path: str, problem: str) -> None:
        """Record a repair; those reverted later count too, because they cost time."""
        if not self._left:
            raise _TooManyRepairs
        self._left -= 1
        self._repairs.append(Repair(path, problem))


def _decode(body: bytes, kind: type[T], repairs: list[Repair]) -> T:
    """Decode JSON, replacing invalid UTF-8 and lone surrogates."""
    text = body.removeprefix(_BYTE_ORDER_MARK)
    if text != body:
        repairs.append(Repair("$", "starts with a byte order mark"))
    try:
        return msgspec.json.decode(text, type=kind)
    except UNREADABLE as error:
        repaired = text.decode(errors="replace").encode()
        repaired = _ESCAPES.sub(lambda found: rb"\ufffd" if found["lone"] else found[0], repaired)
        if repaired == text:
            raise
        decoded = msgspec.json.decode(repaired, type=kind)
        is_unicode_error = isinstance(error, UnicodeDecodeError)
        problem = "bytes that are not UTF-8" if is_unicode_error else "a lone surrogate"
        repairs.append(Repair("$", f"contains {problem}"))
        return decoded


def _convert(value: object, hint: Any, *, strict: bool) -> object:
    try:
        return msgspec.convert(value, hint, strict=strict)
    except UNREADABLE:
        return _NO_MATCH


@cache
def _fields(struct: type[Struct]) -> tuple[FieldInfo, ...]:
    return fields(struct)


def _is_map_of_counts(struct: type[Struct]) -> bool:
    return all(field.type is int for field in _fields(struct))


def _mismatch(path: str, hint: object, value: object) -> Irreparable:
    return Irreparable(path, f"expected {_expected(hint)}, got {_kind(value)}")


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _kind(value: object) -> str:
    return _JSON_NAMES.get(type(value), "object")


def _expected(hint: Any) -> str:
    base = get_origin(hint) or hint
    if base is Union or base is UnionType:
        return " | ".join(map(_expected, get_args(hint)))
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
