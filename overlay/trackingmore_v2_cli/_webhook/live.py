"""Events on a terminal, as they arrive."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from trackingmore_v2_cli._output.columns import STATUS_STYLES
from trackingmore_v2_cli._output.output import Output
from trackingmore_v2_cli._output.text import clean

_INDENT: Final = 4


class Printer:
    """
    The lines of events on a terminal.

    Args:
        out: The output of the command.
        is_checked: Whether signatures are checked.
    """

    def __init__(self, out: Output, *, is_checked: bool) -> None:
        self._console: Final[Console] = out.console
        self._is_checked = is_checked
        self._good = out.glyph("●", "*")
        self._bad = out.glyph("✗", "x")

    def print(self, record: Mapping[str, Any]) -> None:
        """Print the lines of an event, at once, since other threads print as well."""
        lines = self._rejected(record) if record["error"] else self._accepted(record)
        self._console.print(Group(*lines))

    def _rejected(self, record: Mapping[str, Any]) -> Iterator[RenderableType]:
        head = f"{self._bad} rejected with {record['response']}"
        yield _place(record).append(head, "bold red")
        yield _indented(record["error"], "red")

    def _accepted(self, record: Mapping[str, Any]) -> Iterator[RenderableType]:
        status = f"{self._good} {record['status']} "
        pair = clean(f"{record['carrier_code']}:{record['tracking_number']}")
        style = STATUS_STYLES.get(record["status"], "")
        yield _place(record).append(clean(status) + " ", f"bold {style}").append(pair, "bold")
        if record["last_event_text"]:
            yield _indented(record["last_event_text"])
        yield _indented(self._remarks(record), "dim")

    def _remarks(self, record: Mapping[str, Any]) -> str:
        signature = "valid, of time and address only" if self._is_checked else "not checked"
        stale = f"sent at {record['sent_at'] or 'an unknown time'}" if record["is_stale"] else None
        return "; ".join(filter(None, (f"signature {signature}", record["repetition"], stale)))


def _place(record: Mapping[str, Any]) -> Text:
    return Text(f"#{record['number']} {record['received_at'][11:19]} ")


def _indented(text: str, style: str = "") -> Padding:
    return Padding(Text(clean(text), style), (0, 0, 0, _INDENT))
