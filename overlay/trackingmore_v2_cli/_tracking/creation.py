"""Trackings that the account does not have: the question, detection and creation."""

from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._carrier_details import CarrierDetails, require_details
from trackingmore_v2_cli._detection import detect_carrier
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._failures import print_error
from trackingmore_v2_cli._statuses import ExitStatus

if TYPE_CHECKING:
    from trackingmore_v2.models import Tracking
    from trackingmore_v2.timelines.parcel import Parcel
    from trackingmore_v2_cli._references import Reference
    from trackingmore_v2_cli._session import Session


class Creation:
    """
    The creation of trackings, one after another.

    Args:
        session: The session.
        details: Details that some carriers require.
    """

    def __init__(self, session: "Session", details: CarrierDetails) -> None:
        self._session: Final = session
        self._details: Final = details

    def create(self, reference: "Reference") -> "Parcel":
        """
        Create a tracking, and return it with the carrier's data of now.

        Raises:
            CommandError: The carrier requires a detail that was not given.
            TrackingMoreError: An error of the client.
        """
        from trackingmore_v2 import TrackingMoreError  # noqa: PLC0415 - slow to import

        carrier = reference.carrier or self._detect(reference.number)
        require_details(carrier, self._details)
        created = self._session.client.trackings.get_or_create(
            carrier, reference.number, **self._details.for_create()
        )
        try:
            return self.refresh(created.tracking)
        except (TrackingMoreError, KeyboardInterrupt):
            print_error(f"{carrier}:{reference.number} is in the account, but was not queried")
            raise

    def refresh(self, tracking: "Tracking") -> "Parcel":
        """
        Query the carrier, and return its data, or the tracking as it is if there is none.

        The API itself queries the carrier some time after the creation. Until then a tracking is
        pending, which is not what the user wants to know.
        """
        from trackingmore_v2 import NoResult, RateLimited  # noqa: PLC0415 - slow to import

        # Without retries: the API allows one query for a number in two hours.
        trackings = self._session.client.with_options(retries=0).trackings
        try:
            return trackings.realtime(
                tracking.carrier_code, tracking.tracking_number, **self._details.for_realtime()
            )
        except (NoResult, RateLimited):
            return tracking

    def _detect(self, number: str) -> str:
        code = detect_carrier(self._session, number)
        if code is None:
            raise CommandError(
                f"no carrier matches the number; pass it as CARRIER:{number}", ExitStatus.NOT_FOUND
            )
        return code
