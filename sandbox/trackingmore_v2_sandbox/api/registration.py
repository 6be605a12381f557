"""Creation of trackings: validated one by one, stored together."""

from typing import Any, TypeAlias

from trackingmore_v2_api import ApiCode, models
from trackingmore_v2_sandbox.api.letter_case import hint_at_other_case
from trackingmore_v2_sandbox.api.order_time import read_order_time
from trackingmore_v2_sandbox.api.parsing import Pair, SandboxRequest, convert, read_pair
from trackingmore_v2_sandbox.core.quota import shortage
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.store.models import Standing, TrackingRecord

New: TypeAlias = models.CreateTrackingRequest | models.CreateTrackingItem


class Registration:
    """
    The trackings that one request creates.

    Nothing is stored before `store()`, so that a batch takes few SQL statements.
    """

    def __init__(self, request: SandboxRequest) -> None:
        self._request = request
        self._credit = request.credit
        self._new: dict[Pair, TrackingRecord] = {}

    def read(self, fields: dict[str, object], model: type[New]) -> TrackingRecord:
        """
        Parse the fields of a request and add the tracking they describe.

        Raises:
            Rejection: The fields are invalid, the tracking exists, or the quota is used up.
        """
        read_pair(fields, self._request.settings)  # each of its errors has a code of its own
        new = convert(fields, model)
        tracking = tracking_of(self._request, new, order_id=new.order_id)
        self.add(tracking)
        return tracking

    def add(self, tracking: TrackingRecord) -> None:
        """
        Add a tracking.

        Raises:
            Rejection: The tracking exists, or the quota is used up.
        """
        pair = Pair(tracking.carrier_code, tracking.tracking_number)
        standing = self._request.store.standing(self._request.account, *pair)
        # A batch may name a pair twice, before the store knows it.
        if standing is Standing.TRACKED or pair in self._new:
            raise Rejection(ApiCode.TRACKING_EXISTS)
        # A pair that was paid for and deleted is not charged again.
        if standing is Standing.UNKNOWN:
            if rejection := shortage(self._credit):
                raise rejection
            self._credit = self._credit._replace(trackings=self._credit.trackings + 1)
        self._new[pair] = tracking

    def store(self) -> None:
        """Store the trackings and charge the account for the pairs that are new to it."""
        charged = self._credit.trackings - self._request.owner.trackings
        if charged:
            self._request.store.charge(self._request.account, charged)
        self._request.time_engine.add(self._new.values(), self._request.now)
        for pair in self._new:
            hint_at_other_case(self._request, pair)


def tracking_of(
    request: SandboxRequest, new: New | models.RealtimeQuery, *, order_id: str | None
) -> TrackingRecord:
    """Return the record of a new tracking, with every field of the request that records have."""
    given: dict[str, Any] = {
        name: getattr(new, name) or None
        for name in new.__struct_fields__
        if name in TrackingRecord.__struct_fields__
    }
    given["order_id"] = order_id or None
    return TrackingRecord(
        account=request.account,
        created_at=request.now,
        ordered_at=read_order_time(new.order_create_time),
        **given,
    )
