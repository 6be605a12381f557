"""Creation of trackings: validated one by one, stored together."""

from typing import TypeAlias

from trackingmore_v2_api import models
from trackingmore_v2_sandbox.api.order_time import read_order_time
from trackingmore_v2_sandbox.api.parsing import Pair, SandboxRequest, convert, read_pair
from trackingmore_v2_sandbox.core.quota import shortage
from trackingmore_v2_sandbox.http.envelope import ApiCode, Rejection
from trackingmore_v2_sandbox.store import Standing, TrackingRecord

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
        pair = read_pair(fields)
        new = convert(fields, model)
        check_auto_correct(new.auto_correct)
        tracking = _tracking_of_new(self._request, pair, new)
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
        if standing is Standing.FOLLOWED or pair in self._new:
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


def check_auto_correct(value: int | None) -> None:
    """
    Check the `auto_correct` option.

    Raises:
        Rejection: The value is neither None, 0 nor 1.
    """
    if value not in (None, 0, 1):
        raise Rejection(ApiCode.INVALID_REQUEST)


def _tracking_of_new(request: SandboxRequest, pair: Pair, new: New) -> TrackingRecord:
    return TrackingRecord(
        account=request.account,
        carrier_code=pair.carrier_code,
        tracking_number=pair.tracking_number,
        created_at=request.now,
        title=new.title or None,
        logistics_channel=new.logistics_channel or None,
        customer_name=new.customer_name or None,
        customer_email=new.customer_email or None,
        customer_phone=new.customer_phone or None,
        order_id=new.order_id or None,
        order_create_time=new.order_create_time or None,
        ordered_at=read_order_time(new.order_create_time),
        comment=new.comment or None,
        destination_code=new.destination_code or None,
    )
