"""Records, and the columns of tables."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias

Record: TypeAlias = Mapping[str, Any]
"""A record, without the field `schema`."""

STATUS_STYLES: Final = {
    "pending": "dim",
    "notfound": "yellow",
    "transit": "blue",
    "pickup": "magenta",
    "delivered": "green",
    "undelivered": "red",
    "exception": "red",
    "expired": "yellow",
}
"""Colours of statuses, which are also printed as words."""


class Column(NamedTuple):
    """A column of a table."""

    field: str
    """Name of the record's field."""

    header: str = ""
    """Default: the name of the field, with spaces."""

    is_number: bool = False
    """Whether the values are aligned at the right."""

    is_whole: bool = False
    """Whether its texts are never cut: on a terminal too narrow for them, each is a line."""


def header_of(name: str) -> str:
    """Return the header of a column for a field."""
    return name.replace("_", " ")


def styled(value: str) -> Any:  # noqa: ANN401 - a `Text`, whose module is slow to import
    """Return a text as rich prints it, in its colour if it is a status."""
    from rich.text import Text  # noqa: PLC0415

    return Text(value, STATUS_STYLES.get(value, ""))
