"""The live table of `watch`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from trackingmore_v2 import to_row
from trackingmore_v2_cli._output.text import cell
from trackingmore_v2_cli._output.timeline import Glyph, status_text
from trackingmore_v2_cli._watching import clock
from trackingmore_v2_cli._watching.state import key_of
from trackingmore_v2_cli._watching.watcher import Observer

if TYPE_CHECKING:
    from trackingmore_v2.models import Tracking
    from trackingmore_v2_cli._watching.state import Change

_MINUTE: Final = 60
_LINES_AROUND: Final = 6
"""Lines of the terminal that are not rows of the table."""


class LiveTable(Observer):
    """
    The table on a terminal, below the changes.

    Args:
        live: The live display.
        glyph: Returns a symbol, or its replacement where the terminal lacks it.
    """

    def __init__(self, live: Live, glyph: Glyph) -> None:
        self._live: Final = live
        self._glyph: Final = glyph
        self._trackings: Final[dict[str, Tracking]] = {}

    def on_tracking(self, tracking: "Tracking", *, has_changed: bool) -> None:
        """Remember a tracking, after all others if it has changed."""
        key = key_of(tracking)
        if has_changed:
            self._trackings.pop(key, None)
        self._trackings[key] = tracking

    def on_wait(self, seconds: float, open_count: int) -> None:
        """Show the table with the time of the next round."""
        now = clock.CLOCK.local_time()
        self.show(
            f"{open_count} not final. Checked at {now:%H:%M:%S}, next in {interval_text(seconds)}. "
            "Ctrl-C ends."
        )

    def show(self, footer: str) -> None:
        """Show the table."""
        newest_first = reversed(self._trackings.values())
        height = max(1, self._live.console.height - _LINES_AROUND)
        table = draw_watched(newest_first, footer, self._glyph, height=height)
        self._live.update(table, refresh=True)


def draw_watched(
    trackings: "Iterable[Tracking]", footer: str, glyph: Glyph, *, height: int
) -> Group:
    """
    Return the table of the trackings that are watched.

    Args:
        trackings: The trackings, the most recently changed one first.
        footer: The line below.
        glyph: Returns a symbol, or its replacement where the terminal lacks it.
        height: Maximum number of trackings.
    """
    trackings = list(trackings)
    table = Table(
        *("number", "carrier", "status", "last event"),
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
    )
    table.columns[3].ratio = 1
    for tracking in trackings[:height]:
        row = to_row(tracking)
        what = (cell(row["last_event_at"]), cell(row["last_event_text"]))
        table.add_row(
            Text(cell(row["tracking_number"])),
            Text(cell(row["carrier_code"])),
            status_text(row["status"], glyph),
            Text(" ".join(filter(None, what)), no_wrap=True, overflow="ellipsis"),
        )
    more = len(trackings) - height
    lines = [f"{more} more" if more > 0 else "", footer]
    return Group(table, *(Text(line, "dim") for line in lines if line))


def change_text(change: "Change", glyph: Glyph) -> Text:
    """Return the line of a change, which stays above the table."""
    what = ", ".join(filter(None, (cell(change.text), cell(change.place))))
    return Text("  ").join(
        filter(
            None,
            [
                Text(cell(change.time)),
                Text(f"{cell(change.carrier_code)}:{cell(change.tracking_number)}", "bold"),
                status_text(change.status, glyph),
                Text(what),
            ],
        )
    )


def interval_text(seconds: float) -> str:
    """Return a number of seconds in the largest unit that fits."""
    minutes = round(seconds / _MINUTE)
    if seconds < _MINUTE:
        return f"{round(seconds)} s"
    return f"{minutes} min" if minutes < _MINUTE else f"{minutes // 60} h {minutes % 60:02} min"
