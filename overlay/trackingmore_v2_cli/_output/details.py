"""Trackings and air waybills with their events, in the order in which the user named them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._output.columns import Column, Record
from trackingmore_v2_cli._output.output import Output

if TYPE_CHECKING:
    from rich.console import RenderableType

_LINE: Final = tuple(map(Column, ("number", "time", "status", "place", "text")))


class Details(ABC):
    """A tracking or an air waybill to print with its events."""

    @abstractmethod
    def record(self) -> Record:
        """Return the record, with the field `schema`."""

    @abstractmethod
    def lines(self) -> Iterator[Record]:
        """Yield lines for scripts, with number, time, status, place and text; newest first."""

    @abstractmethod
    def drawing(self, output: Output) -> "RenderableType":
        """Return the drawing for a terminal."""


def print_details(
    output: Output, items: Iterable[Details], shape: str = "tracking_details/1"
) -> int:
    """
    Print trackings and air waybills, and return how many there were.

    Args:
        output: The output of the command.
        items: What to print. Each is printed as it comes.
        shape: The shape that `--fields` selects from. Records of another one lack some fields.
    """
    if output.json or output.fields:
        records: Iterator[Record] = (each.record() for each in items)
        if output.fields:
            records = ({**dict.fromkeys(output.fields), **record} for record in records)
        if not output.json:
            records = map(_with_texts, records)
        return output.records(shape, records, (), empty="")
    count = 0
    for count, item in enumerate(items, 1):
        _print(output, item, is_first=count == 1)
    return count


def _print(output: Output, item: Details, *, is_first: bool) -> None:
    if not output.is_terminal:
        output.records("", item.lines(), _LINE, empty="")
        return
    if not is_first:
        output.text("")
    output.console.print(item.drawing(output))


def _with_texts(record: Record) -> Record:
    """Return a record for a table, whose lists of events are JSON."""
    from msgspec import json  # noqa: PLC0415 - for `--fields` only

    return {
        name: json.encode(value).decode() if isinstance(value, list) else value
        for name, value in record.items()
    }
