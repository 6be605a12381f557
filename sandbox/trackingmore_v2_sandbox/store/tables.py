"""Tables of records: their statements, and the conversion between rows and records."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Generic, TypeAlias, TypeVar, get_type_hints

import msgspec
from msgspec import Struct

T = TypeVar("T", bound=Struct)
Value: TypeAlias = str | int | float | bytes | None
Row: TypeAlias = tuple[Any, ...]


class Table(Generic[T]):
    """
    A table of records.

    Args:
        name: Name of the table.
        record: Type of the records; its fields are the columns, in their order.
        key: Columns of the primary key.
    """

    def __init__(self, name: str, record: type[T], key: tuple[str, ...]) -> None:
        self._record = record
        self.columns: Final = record.__struct_fields__
        hints = get_type_hints(record)
        # Types that at least one of the drivers returns as another type.
        self._from_column: Final[Sequence[tuple[int, Callable[[Any], object]]]] = [
            (index, _CONVERSIONS[hints[column]])
            for index, column in enumerate(self.columns)
            if hints[column] in _CONVERSIONS
        ]
        self._is_plain = _TEXTS not in hints.values()
        names = ", ".join(self.columns)
        changes = ", ".join(f"{name} = excluded.{name}" for name in self.columns)
        # Statements contain only names from this package; every value is a parameter.
        self.where: Final[str] = f"WHERE {' AND '.join(f'{column} = ?' for column in key)}"
        self.select: Final[str] = f"SELECT {names} FROM {name}"  # noqa: S608
        self.insert: Final[str] = insert_statement(name, self.columns)
        self.upsert: Final[str] = (
            f"{self.insert} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
        )
        # Built once: the driver of SQLite finds a cached statement faster if the str is the same.
        self.find: Final[str] = f"{self.select} {self.where}"
        self.delete: Final[str] = f"DELETE FROM {name} {self.where}"  # noqa: S608

    def read(self, row: Iterable[Any]) -> T:
        """Convert a row to a record; a list is changed."""
        values = row if isinstance(row, list) else list(row)
        for index, convert in self._from_column:
            values[index] = convert(values[index])
        return self._record(*values)

    def write(self, record: T) -> Sequence[Value]:
        """Convert a record to a row."""
        values = msgspec.structs.astuple(record)
        return values if self._is_plain else tuple(map(_column, values))


def _texts(column: str) -> tuple[str, ...]:
    return msgspec.json.decode(column, type=tuple[str, ...])


def _column(value: Any) -> Value:  # noqa: ANN401 - a field of any record
    return msgspec.json.encode(value).decode() if isinstance(value, tuple) else value


@lru_cache(maxsize=256)
def insert_statement(table: str, columns: tuple[str, ...], rows: int = 1) -> str:
    """Return the statement that inserts a number of rows. Default: 1 row."""
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"  # noqa: S608


_TEXTS: Final = tuple[str, ...]
_CONVERSIONS: Final[Mapping[object, Callable[[Any], object]]] = {
    bool: bool,
    bool | None: lambda column: None if column is None else bool(column),
    _TEXTS: _texts,
}
