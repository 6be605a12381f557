"""One run of `track`."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._carrier_details import CarrierDetails, advice, missing_details
from trackingmore_v2_cli._detection import creation_text
from trackingmore_v2_cli._output.air_waybill import AirWaybillDetails
from trackingmore_v2_cli._output.details import Details, print_details
from trackingmore_v2_cli._output.tracking import TrackingDetails
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tracking.creation import Creation
from trackingmore_v2_cli._tracking.failures import Failures
from trackingmore_v2_cli._tracking.lookup import Found, look_up

if TYPE_CHECKING:
    from trackingmore_v2.models import Tracking
    from trackingmore_v2.timelines.parcel import Parcel
    from trackingmore_v2_cli._references import Reference
    from trackingmore_v2_cli._session import Session

_WITHOUT_DATA: Final = ("pending", "notfound")


class Tracker:
    """
    One run of the command.

    Args:
        session: The session.
        details: Details that some carriers require.
    """

    def __init__(self, session: "Session", details: CarrierDetails) -> None:
        self._session: Final = session
        self._details: Final = details
        self._creation: Final = Creation(session, details)
        self._failures: Final = Failures()

    def run(self, references: "Sequence[Reference]", *, creates: bool, yes: bool) -> None:
        """Search for all numbers, ask once, create the others, and print each in turn."""
        found = look_up(self._session.client, references)
        payable = [each for each in references if self._can_create(each, found)]
        if payable and creates:
            self._session.confirm(creation_text(payable), yes=yes)
        count = print_details(self._session.out, self._items(references, found, creates=creates))
        self._failures.exit(count)

    def _items(
        self, references: "Sequence[Reference]", found: Found, *, creates: bool
    ) -> Iterator[Details]:
        for each in references:
            with self._failures.of(each.number):
                if each in found.air_waybills:
                    yield from self._air_waybill(each, found)
                else:
                    yield from self._parcels(each, found, creates=creates)

    def _air_waybill(self, reference: "Reference", found: Found) -> Iterator[Details]:
        waybill = found.air_waybills[reference]
        if waybill.return_data:
            yield AirWaybillDetails(waybill)
            return
        message = "no data for this air waybill; check the number"
        self._failures.add(reference.number, message, ExitStatus.NOT_FOUND)

    def _parcels(self, reference: "Reference", found: Found, *, creates: bool) -> Iterator[Details]:
        if reference in found.trackings:
            for tracking in found.trackings[reference]:
                yield from self._parcel(self._refreshed(tracking))
        elif creates:
            yield from self._parcel(self._creation.create(reference))
        else:
            message = "the account does not have it; without --no-create it is created"
            self._failures.add(reference.number, message, ExitStatus.NOT_FOUND)

    def _parcel(self, parcel: "Parcel") -> Iterator[Details]:
        yield TrackingDetails(parcel)
        carrier = parcel.carrier_code
        is_new = parcel.status == "pending" and not missing_details(carrier, self._details)
        if parcel.status in _WITHOUT_DATA and not is_new:
            why = advice(carrier, self._details)
            self._session.out.note(f"{parcel.tracking_number}: {why}")

    def _refreshed(self, tracking: "Tracking") -> "Parcel":
        """Query the carrier again if it had no data, and the user gives the details it wants."""
        if tracking.status in _WITHOUT_DATA and any(self._details):
            return self._creation.refresh(tracking)
        return tracking

    def _can_create(self, reference: "Reference", found: Found) -> bool:
        if any(reference in part for part in found):
            return False
        return not (reference.carrier and missing_details(reference.carrier, self._details))
