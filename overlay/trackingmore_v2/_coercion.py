"""
Rows of a table as fields of a request model.

A row is a mapping, such as a line of a CSV file or a record of a data frame. Cells that are blank,
None or NaN are not given, and integers and booleans may be text.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from operator import index as whole_number
from typing import Annotated, Any, Final, TypeAlias, TypeVar, cast

from msgspec import NODEFAULT, Meta, Struct, defstruct, field, structs

from trackingmore_v2._errors import InvalidInput
from trackingmore_v2._suggestions import suggestion
from trackingmore_v2_api.constraints import REQUEST_FIELDS, RequestField

ItemT = TypeVar("ItemT")

Row: TypeAlias = Mapping[Any, object]
"""
A row of a table, such as a line of a CSV file or a record of a data frame, by names of fields.

Cells that are blank, None or NaN are not given. Integers and booleans may be text. The name of the
cells that `csv` finds beyond the header is None.
"""

_BYTE_ORDER_MARKS: Final = ("\ufeff", "\xef\xbb\xbf")
"""The mark at the start of a file, and how it is read in a one-byte encoding."""

_SEPARATORS: Final = (";", "\t", "|")
"""The characters besides the comma by which files separate cells."""

_NotEmpty: TypeAlias = Annotated[str, Meta(min_length=1)] | None
_WHOLE: Final = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_BOOLEANS: Final = {"true": "true", "1": "true", "false": "false", "0": "false"}
"""The text that is sent for a boolean, in lower case."""

_SPACES: Final = (b" ", b"\\", b"\xc2", b"\xe1", b"\xe2", b"\xe3")
"""The first byte of each whitespace character in JSON."""

_STARTS_WITH_SPACE: Final = re.compile(rb'":"[ \\\xc2\xe1\xe2\xe3]')


def fields_of(kind: type[Struct]) -> tuple[RequestField, ...]:
    """Return the fields of a request model, or of a user's subclass of one."""
    return next(REQUEST_FIELDS[base] for base in kind.__mro__ if base in REQUEST_FIELDS)


def given_cells(kind: type[Struct], row: Row, index: int | None) -> dict[str, Any]:
    """
    Return the cells of a row that are given, as the fields of a request model.

    A cell that cannot be converted stays as it is; the check of the model rejects it.

    Raises:
        InvalidInput: The row has an unknown field, or more cells than the header.
    """
    for name in _unknown(kind, row):
        raise _unknown_field(kind, name, index)
    given = {name: cell for name, cell in row.items() if name in _names(kind) and _is_given(cell)}
    for each in _converted_fields(kind):
        if each.name in given:
            given[each.name] = _value(each, given[each.name])
    return given


def check_first(kind: type[Struct], item: object) -> None:
    """Raise `InvalidInput` if the first item of a batch is a row with an unknown field."""
    for name in _unknown(kind, cast("Row", item)) if isinstance(item, Mapping) else ():
        if name is not None:
            raise _unknown_field(kind, name, None, '; unknown="ignore" drops unknown fields')


def without_unknown(kind: type[Struct], item: ItemT) -> ItemT | Row:
    """Return a row without its unknown fields, and any other item as it is."""
    if not isinstance(item, Mapping):
        return item
    row = cast("Row", item)
    # The others mean that the table is read wrongly, not that it has a further column.
    dropped = {
        name for name in _unknown(kind, row) if name is not None and not _misreading(kind, name)
    }
    return {name: cell for name, cell in row.items() if name not in dropped}


@cache
def without_empty_text(kind: type[Struct]) -> type[Struct]:
    """Return a request model whose texts must not be empty, so that decoding finds blank cells."""
    fields = [
        (
            each.name,
            _NotEmpty if each.type == str | None else each.type,
            field(name=each.encode_name)
            if each.default is NODEFAULT
            else field(name=each.encode_name, default=each.default),
        )
        for each in structs.fields(kind)
    ]
    return defstruct(kind.__name__, fields, bases=(kind,), kw_only=True)


def have_blanks(encoded: bytes, items: Iterable[Row]) -> bool:
    """Return whether a cell is blank, but not empty; `encoded` are the rows as JSON."""
    # Looking at each cell takes a tenth of the time of a batch; few tables need it.
    return (
        any(map(encoded.__contains__, _SPACES))
        and _STARTS_WITH_SPACE.search(encoded) is not None
        and not all(_is_given(cell) for row in items for cell in row.values())
    )


def is_number(value: object) -> bool:
    """Return whether a value is a finite number, which may have lost its leading zeros."""
    if isinstance(value, float):
        return abs(value) < float("inf")
    return not isinstance(value, bool) and _whole(value) is not None


def _is_given(cell: object) -> bool:
    if isinstance(cell, str):
        return bool(cell) and not cell.isspace()
    if cell is None or isinstance(cell, int):
        return cell is not None
    # NaN and NaT differ from themselves; comparing pandas.NA gives itself, which is no truth value.
    same: object = cell == cell  # noqa: PLR0124 - this is the test for NaN
    return same is not cell and bool(same)


def _unknown(kind: type[Struct], row: Row) -> list[Any]:
    """Return the names of a row that are no fields, except nameless cells that are all blank."""
    names = _names(kind)
    return [name for name in row if name not in names and not _is_filler(name, row[name])]


def _is_filler(name: object, cell: object) -> bool:
    """Return whether a cell is what spreadsheets write for an empty column."""
    cells = cast("list[object]", cell) if isinstance(cell, list) else [cell]
    return (name is None or name == "") and not any(map(_is_given, cells))


def _unknown_field(
    kind: type[Struct], name: object, index: int | None, advice: str = ""
) -> InvalidInput:
    if name is None:
        return InvalidInput("item", "has more cells than the header", index)
    text = str(name)
    shown = text if text.isidentifier() else repr(text)  # spaces would be invisible
    if reason := _misreading(kind, name):
        return InvalidInput(shown, reason, index)
    names = [field.name for field in fields_of(kind)]
    reason = f"is not a field of {kind.__name__}{suggestion(name, names)}"
    return InvalidInput(shown, f"{reason}; its fields are {', '.join(names)}{advice}", index)


def _misreading(kind: type[Struct], name: object) -> str:
    """Return what is wrong if a name shows that the file is read wrongly; empty otherwise."""
    text = str(name)
    if text.startswith(_BYTE_ORDER_MARKS):
        return 'begins with a byte order mark: open the file with encoding="utf-8-sig"'
    for separator in _SEPARATORS:
        parts = text.strip().split(separator)
        if len(parts) > 1 and not _names(kind).isdisjoint(parts):
            return f"is a whole line: read the file with delimiter={separator!r}"
    return ""


def _value(field: RequestField, cell: object) -> object:
    """Return the value of a cell for a field that is not text."""
    text = cell.strip().casefold() if isinstance(cell, str) else str(_whole(cell)).casefold()
    if field.kind == "boolean":
        return _BOOLEANS.get(text, cell)
    if field.choices and isinstance(cell, str):
        return text  # the API takes these numbers as text too, and names are not read here
    return int(text) if _WHOLE.fullmatch(text) and not isinstance(cell, bool) else cell


def _whole(value: object) -> int | None:
    """Return an integer of any type, such as numpy's; None for any other value."""
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value % 1 == 0 else None
    try:
        return whole_number(cast("int", value))
    except TypeError:
        return None


@cache
def _names(kind: type[Struct]) -> frozenset[str]:
    return frozenset(field.name for field in fields_of(kind))


@cache
def _converted_fields(kind: type[Struct]) -> tuple[RequestField, ...]:
    return tuple(field for field in fields_of(kind) if field.kind != "text")
