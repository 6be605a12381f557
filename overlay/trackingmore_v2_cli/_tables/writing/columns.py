"""The columns of a file, with their types: those of `to_row()`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import NoneType
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args, get_type_hints

from trackingmore_v2_cli._tables.writing.texts import Texts

Kind: TypeAlias = Literal["text", "integer", "boolean", "utc", "local"]
"""A type of values. Two columns are times in UTC, the others are local times without a zone."""

Row: TypeAlias = Mapping[str, Any]
"""A row of `to_row()`."""

_KINDS: Final[Mapping[object, Kind]] = {
    str: "text",
    int: "integer",
    bool: "boolean",
    datetime: "local",
}
_BITS: Final = 63
"""Those of the integers of Parquet and SQLite, besides the sign."""

_IN_UTC: Final = frozenset({"created_at", "updated_at"})


class Column(NamedTuple):
    """A column of a file."""

    name: str
    kind: Kind


class Layout(NamedTuple):
    """What a file holds, and how."""

    columns: tuple[Column, ...]
    texts: Texts
    is_raw: bool = False
    """Whether text stays as it is that a spreadsheet may evaluate as a formula."""

    has_mark: bool = False
    """Whether a CSV file begins with a byte order mark."""

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def values(self, row: Row) -> list[str | int | None]:
        """Return the values of a row: text, numbers, and times in ISO 8601."""
        values = self.typed_values(row).values()
        return [_iso(each) if isinstance(each, datetime) else each for each in values]

    def typed_values(self, row: Row) -> dict[str, Any]:
        """Return the values of a row by column. A number that no format can hold is None."""
        return {name: self._held(row[name]) for name in self.names}

    def _held(self, value: Any) -> Any:  # noqa: ANN401 - of any column
        if isinstance(value, str):
            return self.texts(value)
        is_too_large = isinstance(value, int) and value.bit_length() > _BITS
        return None if is_too_large else value


def columns_of(names: Iterable[str] = ()) -> tuple[Column, ...]:
    """Return columns by their names; all if there are none."""
    from trackingmore_v2.rows import TrackingRowDict  # noqa: PLC0415 - slow to import

    types = get_type_hints(TrackingRowDict)
    return tuple(Column(name, _kind(name, types[name])) for name in dict.fromkeys(names) or types)


def _iso(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


def _kind(name: str, hint: object) -> Kind:
    (kind,) = {*(get_args(hint) or (hint,))} - {NoneType}
    return "utc" if name in _IN_UTC else _KINDS[kind]
