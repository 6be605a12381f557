"""The drawing of an air waybill for a terminal: a header, its flights, and a tree of events."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from trackingmore_v2.timelines import air_waybill_timeline
from trackingmore_v2_cli._output.air_waybill_record import status_of
from trackingmore_v2_cli._output.text import cell
from trackingmore_v2_cli._output.timeline import Glyph, event_row, status_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from trackingmore_v2.models import AirWaybill
    from trackingmore_v2.timelines import AirWaybillTimeline, AirWaybillTimelineEvent, FlightLeg

_EVENT_STYLES: Final = {"DLV": "green", "DIS": "red"}
_MINUTES_PER_HOUR: Final = 60
_MINUTES_PER_DAY: Final = 24 * _MINUTES_PER_HOUR


def draw_air_waybill(waybill: "AirWaybill", glyph: Glyph) -> Group:
    """
    Return the drawing of an air waybill: flights in route order, events newest first.

    Args:
        waybill: The air waybill.
        glyph: Returns a symbol, or its replacement where the terminal lacks it.
    """
    history = air_waybill_timeline(waybill)
    parts: list[RenderableType] = [*_header(waybill, history, glyph)]
    if history.flights:
        parts += [_draw_flights(history.flights)]
    if history.events:
        parts += [_draw_events(history.events)]
    parts.append(Text("Times are local to each station." if parts[2:] else "No data yet.", "dim"))
    return Group(*parts)


def delay_text(delay: timedelta | None) -> Text:
    """Return a delay in colour and words, such as `26 min late`; empty if it is unknown."""
    if delay is None:
        return Text()
    minutes = round(delay / timedelta(minutes=1))
    if not minutes:
        return Text("on time", "green")
    return Text(
        f"{_duration(abs(minutes))} {'late' if minutes > 0 else 'early'}",
        "red" if minutes > 0 else "green",
    )


def _duration(minutes: int) -> str:
    if minutes < _MINUTES_PER_HOUR:
        return f"{minutes} min"
    if minutes < _MINUTES_PER_DAY:
        hours, rest = divmod(minutes, _MINUTES_PER_HOUR)
        return f"{hours} h {rest:02} min"
    days, rest = divmod(minutes, _MINUTES_PER_DAY)
    hours = rest // _MINUTES_PER_HOUR
    return f"{days} d {hours} h" if hours else f"{days} d"


def _header(waybill: "AirWaybill", history: "AirWaybillTimeline", glyph: Glyph) -> Iterator[Text]:
    airline = waybill.airline_info
    first = [Text(cell(history.number), "bold"), Text(cell(airline and airline.name))]
    status = status_of(history)
    if status:
        first.append(status_text(status, glyph))
    yield Text("  ").join(filter(None, first))
    route = f" {glyph('→', '->')} ".join(stations(history))
    yield Text(f" {glyph('·', '-')} ".join(filter(None, (route, *_facts(history)))))


def stations(history: "AirWaybillTimeline") -> list[str]:
    """Return the stations of the route in their order, each once."""
    flown = (end for leg in history.flights for end in (leg.from_station, leg.to_station))
    names = map(cell, (history.origin, *flown, history.destination))
    return list(dict.fromkeys(filter(None, names)))


def _facts(history: "AirWaybillTimeline") -> Iterator[str]:
    if history.pieces is not None:
        yield f"{history.pieces} {'piece' if history.pieces == 1 else 'pieces'}"
    yield cell(history.weight)
    if history.delivered_at:
        yield f"delivered at {cell(history.delivered_at)}"


def _draw_flights(flights: "Sequence[FlightLeg]") -> Table:
    table = Table("flight", "station", "planned", "actual", "", box=box.SIMPLE_HEAD, pad_edge=False)
    for leg in flights:
        _add(
            table,
            (cell(leg.number), f"departs {cell(leg.from_station)}"),
            (leg.planned_departure, leg.actual_departure),
            leg.departure_delay,
        )
        _add(
            table,
            ("", f"arrives {cell(leg.to_station)}"),
            (leg.planned_arrival, leg.actual_arrival),
            leg.arrival_delay,
        )
    return table


def _add(
    table: Table,
    names: tuple[str, str],
    times: tuple[datetime | None, datetime | None],
    delay: timedelta | None,
) -> None:
    table.add_row(*map(Text, names), *(Text(cell(time)) for time in times), delay_text(delay))


def _draw_events(events: "Sequence[AirWaybillTimelineEvent]") -> Tree:
    tree = Tree(Text("Events", "bold"))
    for event in reversed(events):
        status = Text(cell(event.status), _EVENT_STYLES.get(event.status or "", ""))
        time = cell(event.actual)
        what = "  ".join(filter(None, (cell(event.station), cell(event.text))))
        tree.add(event_row(time, status, what))
    return tree
