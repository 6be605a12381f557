"""
The slow path: what to do with an answer that does not fit its type.

One odd field must never cost the caller the rest of a page. So the answer is decoded to plain JSON
and fitted to the type piece by piece; what fits is kept as it is, and the rest is mended or left
out. Each mended place is told as a `Repair`, without its value, as that may be personal data.
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
"""What msgspec raises on foreign bytes; it has no error of its own for bad UTF-8 and nesting."""

MOST_REPAIRS = 100_000
"""Fifty for each parcel of the largest page; an answer with more would take minutes to mend."""

_MAX_DEPTH = 64
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ESCAPES = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
"""An escaped backslash and a surrogate pair are read first, so that what is left is half a pair."""

_UNFIT = object()
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
    """One place where an answer broke the contract and was mended."""

    path: str
    """Where, such as "$.data.items[5].title"."""

    problem: str
    """What was wrong, such as "expected str, got object"; never the value."""


class Irreparable(Exception):
    """A value does not fit its type, and cannot be made to."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem} at {self.path}"


class _TooMuch(Exception):
    """There is more to mend than anybody wants."""


class ResponseMeta(Struct, frozen=True):
    """What an answer says about itself, as far as it can be read."""

    code: int | None = None
    type: str = ""
    message: str = ""


class _Envelope(Struct):
    meta: object = None


def peek(body: bytes) -> ResponseMeta:
    """Read no more than `meta`, as far as it can be read."""
    try:
        meta = _decode(body, _Envelope, []).meta
    except UNREADABLE:
        return ResponseMeta()
    if not _is_object(meta):
        return ResponseMeta()
    return ResponseMeta(
        _code(meta.get("code")), _words(meta.get("type")), _words(meta.get("message"))
    )


def salvage(body: bytes, response: type[T], repairs: list[Repair]) -> T:
    """
    Read as much of an answer as fits its type, and add each repair to `repairs`.

    Raises:
        Irreparable: The body is not JSON, something required does not fit, or too much does not.
    """
    try:
        plain = _decode(body, object, repairs)
    except UNREADABLE as error:
        raise Irreparable("$", f"not JSON ({error})") from None
    try:
        fitted: T = _Repairer(repairs).fit(plain, response, "$")
    except _TooMuch:
        raise Irreparable("$", f"more than {MOST_REPAIRS} places to mend") from None
    return fitted


class _Repairer:
    """Fits plain JSON to types, and keeps a note of every repair."""

    def __init__(self, repairs: list[Repair]) -> None:
        self._repairs = repairs
        self._left = MOST_REPAIRS
        self._depth = 0

    def fit(self, value: object, hint: Any, path: str) -> Any:
        """Give `value` as a value of the type `hint`, mended where need be."""
        fitted = _convert(value, hint, strict=True)
        if fitted is _UNFIT and isinstance(value, float) and value.is_integer():
            fitted = self._fit_whole(value, hint, path)
        if fitted is not _UNFIT:
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
        """Read 1.0 as 1, which in JSON is the same number, rather than as text."""
        fitted = _convert(int(value), hint, strict=True)
        if fitted is not _UNFIT:
            self._note(path, type(fitted), value)
        return fitted

    def _fit_union(self, value: object, hint: object, path: str) -> object:
        members = get_args(hint)
        if NoneType in members and value in ("", []):
            self._note(path, hint, value)
            return None
        # The members of the value's own shape first: mending one loses less.
        for member in sorted(members, key=lambda member: _expected(member) != _kind(value)):
            before = len(self._repairs)
            try:
                return self.fit(value, member, path)
            except Irreparable:
                del self._repairs[before:]
        raise _mismatch(path, hint, value)

    def _fit_list(self, value: object, hint: object, path: str) -> list[object]:
        (item_hint,) = get_args(hint) or (Any,)
        items = self._opened(value, hint, path)
        if _is_object(items) and all(key.isdecimal() for key in items):
            # How PHP writes a list with holes, and an empty object.
            self._note(path, hint, items)
            items = list(items.values())
        if not _is_array(items):
            raise _mismatch(path, hint, value)
        fitted: list[object] = []
        for index, item in enumerate(items):
            self._keep_or_drop(fitted.append, item, item_hint, f"{path}[{index}]")
        return fitted

    def _fit_map(self, value: object, hint: object, path: str) -> dict[object, object]:
        key_hint, item_hint = get_args(hint) or (str, Any)
        items = self._opened(value, hint, path)
        if not _is_object(items):
            raise _mismatch(path, hint, value)
        fitted: dict[object, object] = {}
        for key, item in items.items():
            place = f"{path}[...]"
            name = _convert(key, key_hint, strict=False)
            if name is not _UNFIT:
                self._keep_or_drop(partial(fitted.__setitem__, name), item, item_hint, place)
        return fitted

    def _fit_struct(self, value: object, struct: type[Struct], path: str) -> Struct:
        found = self._opened(value, struct, path)
        if not _is_object(found):
            raise _mismatch(path, struct, value)
        fitted: dict[str, object] = {}
        misfits: list[tuple[FieldInfo, Irreparable]] = []
        for field in _fields(struct):
            place = f"{path}.{field.encode_name}"
            if field.encode_name not in found:
                if field.required:
                    misfits.append((field, Irreparable(place, "missing")))
                continue
            before = len(self._repairs)
            try:
                fitted[field.name] = self.fit(found[field.encode_name], field.type, place)
            except Irreparable as misfit:
                del self._repairs[before:]
                if field.required:
                    misfits.append((field, misfit))
                    continue
                problem = misfit.problem if misfit.path == place else f"left out: {misfit}"
                self._add(place, problem)
        self._fill(struct, fitted, misfits)
        return struct(**fitted)

    def _fill(
        self,
        struct: type[Struct],
        fitted: dict[str, object],
        misfits: list[tuple[FieldInfo, Irreparable]],
    ) -> None:
        """
        Write "" for a required text that is missing or unfit, as PHP does for what it lacks.

        Only where another required field is there: an object without any is something else.
        """
        recognised = any(field.required and field.name in fitted for field in _fields(struct))
        for field, misfit in misfits:
            empty = _convert("", field.type, strict=True) if recognised else _UNFIT
            if empty is _UNFIT:
                raise misfit
            fitted[field.name] = empty
            self._add(misfit.path, misfit.problem)

    def _fit_scalar(self, value: object, hint: object, path: str) -> object:
        fitted = _convert(value, hint, strict=False)
        if fitted is _UNFIT and isinstance(value, bool | int | float):
            fitted = _convert(msgspec.json.encode(value).decode(), hint, strict=True)
        if fitted is _UNFIT:
            raise _mismatch(path, hint, value)
        self._note(path, hint, value)
        return fitted

    def _opened(self, value: object, hint: object, path: str) -> object:
        """Give the list or object that was written as "", null, [], or JSON in a string."""
        wanted = _expected(hint)
        opened: object = value
        if value is None or value in ("", []):
            opened = list[object]() if wanted == "array" else dict[str, object]()
        elif isinstance(value, str) and value.lstrip().startswith(("{", "[")):
            try:
                opened = msgspec.json.decode(value)
            except UNREADABLE:
                return value
        if _kind(opened) == wanted != _kind(value):
            self._note(path, hint, value)
        return opened

    def _keep_or_drop(
        self, keep: Callable[[object], None], item: object, hint: object, path: str
    ) -> None:
        before = len(self._repairs)
        try:
            keep(self.fit(item, hint, path))
        except Irreparable as misfit:
            del self._repairs[before:]
            self._add(path, f"dropped: {misfit}")

    def _note(self, path: str, hint: object, value: object) -> None:
        self._add(path, _mismatch(path, hint, value).problem)

    def _add(self, path: str, problem: str) -> None:
        """Note a repair; those that are taken back later were work too."""
        if not self._left:
            raise _TooMuch
        self._left -= 1
        self._repairs.append(Repair(path, problem))


def _decode(body: bytes, kind: type[T], repairs: list[Repair]) -> T:
    """Decode JSON whose text is broken in one of the ways that cost no more than a character."""
    text = body.removeprefix(_BYTE_ORDER_MARK)
    if text != body:
        repairs.append(Repair("$", "starts with a byte order mark"))
    try:
        return msgspec.json.decode(text, type=kind)
    except UNREADABLE as error:
        mended = text.decode(errors="replace").encode()
        mended = _ESCAPES.sub(lambda found: rb"\ufffd" if found["lone"] else found[0], mended)
        if mended == text:
            raise
        decoded = msgspec.json.decode(mended, type=kind)
        wrong = (
            "bytes that are not UTF-8" if isinstance(error, UnicodeDecodeError) else "half a pair"
        )
        repairs.append(Repair("$", f"holds {wrong}"))
        return decoded


def _convert(value: object, hint: Any, *, strict: bool) -> object:
    try:
        return msgspec.convert(value, hint, strict=strict)
    except UNREADABLE:
        return _UNFIT


@cache
def _fields(struct: type[Struct]) -> tuple[FieldInfo, ...]:
    return fields(struct)


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


def _words(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""
