"""The command `trackingmore-v2 counts`."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._filters import window_options
from trackingmore_v2_cli._output.columns import STATUS_STYLES
from trackingmore_v2_cli._output.output import Output
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._times import TIME_HELP

if TYPE_CHECKING:
    from rich.console import RenderableType

    from trackingmore_v2.types import TimeWindowDict

_BAR: Final = 40
"""Maximum number of columns of a bar."""

_EXAMPLES: Final = (
    "trackingmore-v2 counts",
    "trackingmore-v2 counts --created-after 2026-03-01 --created-before 2026-03-31T23:59:59Z",
    "trackingmore-v2 counts --json",
)


@command(examples=_EXAMPLES, name="counts", epilog=TIME_HELP)
@window_options
def counts(session: Session, **times: datetime | None) -> None:
    """Count the trackings by status."""
    from msgspec.structs import asdict  # noqa: PLC0415 - slow to import

    # The options have its names.
    window = cast("TimeWindowDict", {name: time for name, time in times.items() if time})
    found = asdict(session.client.trackings.count_by_status(**window))
    if session.out.is_terminal and not session.out.fields:
        _draw(session.out, found)
        return
    session.out.record("counts/1", {**found, "total": sum(found.values())})


def _draw(out: Output, found: Mapping[str, int]) -> None:
    """Print a bar for each status, in its colour, and the total."""
    from rich.table import Table  # noqa: PLC0415 - slow to import
    from rich.text import Text  # noqa: PLC0415

    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    width = max(1, min(_BAR, out.console.width - 30))
    most = max(found.values())
    for status, count in found.items():
        style = STATUS_STYLES[status]
        table.add_row(Text(status, style), Text(f"{count:,}"), _bar(out, count, most, width, style))
    table.add_row(Text("total", "bold"), Text(f"{sum(found.values()):,}", "bold"))
    out.console.print(table)


def _bar(out: Output, count: int, most: int, width: int, style: str) -> "RenderableType":
    """Return a bar, of number signs where the terminal has no blocks."""
    from rich.bar import Bar  # noqa: PLC0415 - slow to import
    from rich.style import Style  # noqa: PLC0415
    from rich.styled import Styled  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if out.glyph("█▏", ""):
        color = Style.parse(style).color or "default"
        return Styled(Bar(most, 0, count, width=width, color=color), style)
    return Text("#" * (width * count // (most or 1)), style)
