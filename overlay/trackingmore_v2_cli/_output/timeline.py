"""The drawing of a tracking for a terminal: a header, and a tree of events for each leg."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Group
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from trackingmore_v2.timelines import LegKind, timeline
from trackingmore_v2_cli._output.columns import STATUS_STYLES
from trackingmore_v2_cli._output.text import cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trackingmore_v2.timelines import Timeline, TimelineEvent
    from trackingmore_v2.timelines.parcel import Parcel

Glyph: TypeAlias = Callable[[str, str], str]
"""`Output.glyph`: returns a symbol, or its replacement."""

_TIME_WIDTH = len("2026-03-01 12:00")
_STATUS_WIDTH = max(map(len, STATUS_STYLES))
_LOCAL_TIMES = "Times are local to the carrier."


def draw_tracking(tracking: "Parcel", glyph: Glyph) -> Group:
    """
    Return the drawing of a tracking, newest event first.

    Args:
        tracking: The tracking.
        glyph: Returns a symbol, or its replacement where the terminal lacks it.
    """
    history = timeline(tracking)
    newest_first = history.events[::-1]
    # The destination leg is the later one.
    by_leg = (
        [event for event in newest_first if event.leg is leg]
        for leg in (LegKind.DESTINATION, LegKind.ORIGIN)
    )
    footer = Text(_LOCAL_TIMES if newest_first else "No events yet.", "dim")
    return Group(
        *_header(tracking, history, glyph),
        *(draw_leg(events) for events in by_leg if events),
        footer,
    )


def status_text(status: str, glyph: Glyph) -> Text:
    """Return a status as a coloured symbol and word."""
    return Text(f"{glyph('●', '*')} {cell(status)}", STATUS_STYLES.get(status, ""))


def event_row(time: str, status: Text, text: str, place: str = "") -> Table:
    """Return an event: its time, its status, its text, and the place below."""
    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=_TIME_WIDTH, no_wrap=True)
    row.add_column(width=_STATUS_WIDTH, no_wrap=True)
    row.add_column()
    what = Text(text)
    if place:
        what.append(f"\n{place}" if text else place, "dim")
    row.add_row(Text(time), status, what)
    return row


def draw_leg(events: "Iterable[TimelineEvent]") -> Tree:
    """Return the tree of a leg, under the name of its carrier."""
    events = list(events)
    name = "Destination" if events[0].leg is LegKind.DESTINATION else "Origin"
    tree = Tree(Text(f"{name}: {cell(events[0].carrier_code) or 'unknown carrier'}", "bold"))
    for event in events:
        status = Text(cell(event.status), STATUS_STYLES.get(event.status or "", ""))
        time = cell(event.time or event.checkpoint.date)
        tree.add(event_row(time, status, cell(event.text), cell(event.place)))
    return tree


def _header(tracking: "Parcel", history: "Timeline", glyph: Glyph) -> Iterator[Text]:
    number, carrier = cell(tracking.tracking_number), cell(tracking.carrier_code)
    yield Text("  ").join([Text(number, "bold"), Text(carrier)])
    title = cell(getattr(tracking, "title", None))
    if title:
        yield Text(title)
    separator = f" {glyph('·', '-')} "
    substatus = cell(tracking.substatus)
    status = status_text(tracking.status, glyph)
    yield Text(separator).join([status, *map(Text, filter(None, (substatus, *_times(history))))])
    ends = (cell(tracking.original_country), cell(tracking.destination_country))
    if any(ends):
        yield Text(f" {glyph('→', '->')} ".join(end or "?" for end in ends))


def _times(history: "Timeline") -> Iterator[str]:
    days = history.days_in_transit
    if days is not None:
        yield f"{days} {'day' if days == 1 else 'days'} in transit"
    if history.delivered_at:
        yield f"delivered at {cell(history.delivered_at)}"
