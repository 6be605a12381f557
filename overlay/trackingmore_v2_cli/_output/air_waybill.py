"""An air waybill: as a drawing, as a line for each event, or as a record."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._output.air_waybill_record import air_waybill_record
from trackingmore_v2_cli._output.details import Details

if TYPE_CHECKING:
    from rich.console import RenderableType

    from trackingmore_v2.models import AirWaybill
    from trackingmore_v2_cli._output.columns import Record
    from trackingmore_v2_cli._output.output import Output

SHAPE: Final = "air_waybill/1"


class AirWaybillDetails(Details):
    """
    An air waybill to print.

    Args:
        waybill: The air waybill.
    """

    def __init__(self, waybill: "AirWaybill") -> None:
        self._waybill: Final = waybill

    def record(self) -> "Record":
        """Return the record `air_waybill/1`."""
        return {"schema": SHAPE, **air_waybill_record(self._waybill)}

    def lines(self) -> Iterator["Record"]:
        """Yield a line for each event; without events, one with the status."""
        record = air_waybill_record(self._waybill)
        without_events = {"time": None, "status": record["status"], "text": None, "station": None}
        for event in record["events"] or [without_events]:
            yield {
                "number": record["number"],
                "time": event["time"],
                "status": event["status"],
                "place": event["station"],
                "text": event["text"],
            }

    def drawing(self, output: "Output") -> "RenderableType":
        """Return the drawing for a terminal."""
        from trackingmore_v2_cli._output.flights import draw_air_waybill  # noqa: PLC0415 - uses rich

        return draw_air_waybill(self._waybill, output.glyph)
