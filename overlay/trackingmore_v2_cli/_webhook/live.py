"""Events on a terminal, as they arrive."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from trackingmore_v2_cli._output.output import STATUS_STYLES, Output
from trackingmore_v2_cli._output.text import clean

_INDENT = " " * 4


class Printer:
    """
    The lines of events on a terminal.

    Args:
        out: The output of the command.
        is_checked: Whether signatures are checked.
    """

    def __init__(self, out: Output, *, is_checked: bool) -> None:
        self._console: Console = out.console
        self._is_checked = is_checked
        self._good = out.glyph("●", "*")
        self._bad = out.glyph("✗", "x")

    def print(self, record: Mapping[str, Any]) -> None:
        """Print the lines of an event."""
        head = Text(f"#{record['number']} {record['received_at'][11:19]} ")
        if record["error"]:
            head.append(f"{self._bad} rejected with {record['response']}", "bold red")
            self._console.print(head)
            self._console.print(Text(_INDENT + record["error"], "red"))
        else:
            style = STATUS_STYLES.get(record["status"], "")
            head.append(f"{self._good} {record['status']} ", f"bold {style}")
            head.append(clean(f"{record['carrier_code']}:{record['tracking_number']}"), "bold")
            self._console.print(head)
            self._print_details(record)

    def _print_details(self, record: Mapping[str, Any]) -> None:
        if record["last_event_text"]:
            self._console.print(Text(_INDENT + clean(record["last_event_text"])))
        self._console.print(Text(_INDENT + self._remarks(record), "bright_black"))

    def _remarks(self, record: Mapping[str, Any]) -> str:
        signature = (
            f"signature: of time and address only, valid for {record['signed_with']}"
            if self._is_checked
            else "signature: not checked"
        )
        stale = f"sent at {record['sent_at'] or 'an unknown time'}" if record["is_stale"] else None
        return "; ".join(filter(None, (signature, record["repetition"], stale)))
