# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""The schemas of the contract."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta, field

from trackingmore_v2_api.enums import OpenIntEnum, OpenStrEnum
from trackingmore_v2_api.runtime import AwareDatetime, Model

TrackingNumber: TypeAlias = str
"""A carrier's tracking number of five or more letters, digits, hyphens or underscores."""


CarrierCode: TypeAlias = str
"""A carrier's code; in practice lower case."""


AirWaybillNumber: TypeAlias = str
"""
An air waybill number: the airline's three-digit prefix, then seven or eight digits, with a hyphen, a space or no separator
between.
"""


LanguageCode: TypeAlias = str
"""Two letters, sent in lower case. Known values: `en`, `cn` (Chinese), `tw` (traditional Chinese), `es`, `it`, `ru`; not always ISO 639."""


OrderIdFilter: TypeAlias = str
"""An order id that contains no comma."""


UnixSeconds: TypeAlias = int
"""Seconds since 1970-01-01 00:00 UTC."""


class TrackingStatus(OpenStrEnum):
    """
    Status of a parcel. `pending`: just added, not queried yet. `notfound`: no information yet. `transit`: on the way.
    `pickup`: out for delivery, or ready for collection. `delivered`: delivered. `undelivered`: a delivery attempt failed.
    `exception`: returned, declined by the recipient, damaged, lost or held by customs. `expired`: not delivered within 30 days (express) or 60 days (post).
    """

    PENDING = "pending"
    NOTFOUND = "notfound"
    TRANSIT = "transit"
    PICKUP = "pickup"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    EXCEPTION = "exception"
    EXPIRED = "expired"


class Substatus(OpenStrEnum):
    """
    Detail of a status. `notfound001` information received, about to be collected; `notfound002` no information;
    `transit001` on the way; `transit002` at a hub or sorting centre; `transit003` at the delivery facility; `transit004` in the
    destination country; `transit005` cleared by customs; `transit006` dispatched; `transit007` left the airport (recorded 2021);
    `pickup001` out for delivery (recorded 2020); `pickup002` ready for collection; `pickup003` customer contacted;
    `delivered001` delivered; `delivered002` collected by the customer; `delivered003` signed by the customer; `delivered004`
    left at the door or with a neighbour; `exception001` no update for too long after adding (old); `exception002` too long in transit
    (old); `exception003` too long undelivered (old); `exception004` unclaimed; `exception005` delivery exception (old: sent back); `exception006`
    kept by customs; `exception007` damaged, lost or discarded; `exception008` cancelled before delivery; `exception009` declined by the recipient;
    `exception010` returned to sender; `exception011` on the way back. The reference prints `not found001`; responses contain no space.
    """

    NOTFOUND001 = "notfound001"
    NOTFOUND002 = "notfound002"
    TRANSIT001 = "transit001"
    TRANSIT002 = "transit002"
    TRANSIT003 = "transit003"
    TRANSIT004 = "transit004"
    TRANSIT005 = "transit005"
    TRANSIT006 = "transit006"
    TRANSIT007 = "transit007"
    PICKUP001 = "pickup001"
    PICKUP002 = "pickup002"
    PICKUP003 = "pickup003"
    DELIVERED001 = "delivered001"
    DELIVERED002 = "delivered002"
    DELIVERED003 = "delivered003"
    DELIVERED004 = "delivered004"
    EXCEPTION001 = "exception001"
    EXCEPTION002 = "exception002"
    EXCEPTION003 = "exception003"
    EXCEPTION004 = "exception004"
    EXCEPTION005 = "exception005"
    EXCEPTION006 = "exception006"
    EXCEPTION007 = "exception007"
    EXCEPTION008 = "exception008"
    EXCEPTION009 = "exception009"
    EXCEPTION010 = "exception010"
    EXCEPTION011 = "exception011"


class Milestone(OpenStrEnum):
    """The leg's milestone that a checkpoint sets. Only `ItemReceived` was recorded; the others are the leg's own field names."""

    ITEM_RECEIVED = "ItemReceived"
    ITEM_DISPATCHED = "ItemDispatched"
    DEPARTED_FROM_AIRPORT = "DepartfromAirport"
    ARRIVED_FROM_ABROAD = "ArrivalfromAbroad"
    CUSTOMS_CLEARANCE = "CustomsClearance"
    DESTINATION_ARRIVED = "DestinationArrived"


class CarrierType(OpenStrEnum):
    """`express` for couriers (490 of 663 in 2020), `globalpost` for postal services."""

    EXPRESS = "express"
    GLOBALPOST = "globalpost"


class CarrierLanguage(StrEnum):
    """Language of carrier names; `cn` is Chinese, `tw` traditional Chinese."""

    EN = "en"
    CN = "cn"
    TW = "tw"
    ES = "es"
    RU = "ru"
    IT = "it"


class StatusNumber(OpenIntEnum):
    """
    A tracking status as a number. 4 (delivered) and 7 (exception) were seen, the other values are inferred: 0 pending, 1 not found,
    2 transit, 3 pickup, 5 undelivered, 6 expired.
    """

    PENDING = 0
    NOT_FOUND = 1
    TRANSIT = 2
    PICKUP = 3
    DELIVERED = 4
    UNDELIVERED = 5
    EXPIRED = 6
    EXCEPTION = 7


class SettableStatus(IntEnum):
    """A status that can be set manually. 4 delivered, 7 exception, 8 reset to the original status."""

    DELIVERED = 4
    EXCEPTION = 7
    ORIGINAL = 8


class SettableStatusText(StrEnum):
    """A settable status as a string, as the official client sends it."""

    DELIVERED = "4"
    EXCEPTION = "7"
    ORIGINAL = "8"


class ArchivedText(StrEnum):
    """A boolean as a string in requests; responses contain a boolean."""

    TRUE = "true"
    FALSE = "false"


class CargoStatus(OpenStrEnum):
    """
    An IATA Cargo-IMP status code. RCS received from shipper, ARR arrived and DLV delivered were seen. Inferred from that list: BKD
    booked, MAN manifested, DEP departed, RCF received from flight, NFD consignee notified, AWD documents delivered, TFD
    transferred, DIS discrepancy, CCD cleared by customs, FOH freight on hand.
    """

    RCS = "RCS"
    ARR = "ARR"
    DLV = "DLV"
    BKD = "BKD"
    MAN = "MAN"
    DEP = "DEP"
    RCF = "RCF"
    NFD = "NFD"
    AWD = "AWD"
    TFD = "TFD"
    DIS = "DIS"
    CCD = "CCD"
    FOH = "FOH"


class SuccessCode(IntEnum):
    """`meta.code` of a successful request. 200, or 201 if something was created; any other code is an error."""

    SUCCESS = 200
    CREATED = 201


class ErrorCode(OpenIntEnum):
    """`meta.code` of a rejected request; `x-meta-codes` describes those that are known, and an unlisted code is an error too."""

    BATCH_TOO_LARGE = 202
    UNAUTHORIZED = 401
    PAYMENT_REQUIRED = 402
    FORBIDDEN = 403
    ROUTE_NOT_FOUND = 404
    METHOD_NOT_ALLOWED = 405
    CONFLICT = 409
    RATE_LIMITED = 429
    SERVER_ERROR = 500
    UNAVAILABLE = 503
    INVALID_KEY = 4001
    DELETED_KEY = 4002
    INVALID_REQUEST = 4012
    MISSING_TRACKING_NUMBER = 4013
    INVALID_TRACKING_NUMBER = 4014
    INVALID_CARRIER = 4015
    TRACKING_EXISTS = 4016
    TRACKING_NOT_FOUND = 4017
    FEATURE_NOT_ACTIVATED = 4018
    INSUFFICIENT_BALANCE = 4019
    TOO_MANY_ITEMS = 4020
    QUOTA_EXHAUSTED = 4021
    NO_RESULT = 4031
    CARRIER_NOT_DETECTED = 4032
    INVALID_STATUS = 4033


class SuccessMeta(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Result of a successful request."""

    code: SuccessCode
    type: str | None = None
    """`Success` or `Created`; absent in the documented sample of `listCarriers`."""

    message: str | None = None
    """English text; absent in the documented sample of `listCarriers`."""


class ErrorMeta(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Result of a rejected request."""

    code: ErrorCode
    type: str | None = None
    """Kind of error, such as `Bad Request`."""

    message: str | None = None
    """English text."""


class ErrorResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The error response of every operation, sent as HTTP 200."""

    meta: ErrorMeta
    data: list[object]
    """Empty, even where a successful response contains an object. Evidence: recorded."""


class TrackingKey(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """Identifies one tracking of the account."""

    tracking_number: Annotated[TrackingNumber, Meta(pattern="\\A[0-9A-Za-z_-]{5,}\\Z")]
    carrier_code: Annotated[CarrierCode, Meta(pattern="\\A[0-9A-Za-z_-]+\\Z")]


class CreateTrackingRequest(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """A tracking to create."""

    tracking_number: Annotated[TrackingNumber, Meta(pattern="\\A[0-9A-Za-z_-]{5,}\\Z")]
    carrier_code: Annotated[CarrierCode, Meta(pattern="\\A[0-9A-Za-z_-]+\\Z")]
    destination_code: str | None = None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    title: str | None = None
    """Title of the goods."""

    logistics_channel: str | None = None
    """Shipping channel, free text."""

    customer_name: str | None = None
    """Name of the customer."""

    customer_email: str | None = None
    """One e-mail address of the customer."""

    customer_phone: str | None = None
    """Telephone number of the customer, such as `+86123456789`."""

    order_id: str | None = None
    """Your own order id, such as `#123`."""

    order_create_time: str | None = None
    """When the order was placed, free text such as `2017/8/27 16:51`, without a time zone."""

    tracking_ship_date: str | None = None
    """When the parcel was shipped, `YYYYMMDD`; required by some carriers (deutsche-post)."""

    tracking_postal_code: str | None = None
    """Postal code of the destination; required by some carriers (mondialrelay, postnl-3s)."""

    tracking_account_number: str | None = None
    """Account number at the carrier; required by some carriers."""

    tracking_destination_country: str | None = None
    """Destination country; required by some carriers (postnl-3s). Called `specialNumberDestination` in batch and realtime requests."""

    lang: str | None = None
    """Language of the checkpoints, two letters; see `LanguageCode`."""

    auto_correct: Annotated[int, Meta(ge=0, le=1)] | None = None
    """1 keeps the given carrier; with any other value the provider may correct it."""

    comment: str | None = None
    """Comment, free text."""


class CreateTrackingItem(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """A tracking to create, as an item of a batch."""

    tracking_number: Annotated[TrackingNumber, Meta(pattern="\\A[0-9A-Za-z_-]{5,}\\Z")]
    carrier_code: Annotated[CarrierCode, Meta(pattern="\\A[0-9A-Za-z_-]+\\Z")]
    destination_code: str | None = None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    title: str | None = None
    """Title of the goods."""

    logistics_channel: str | None = None
    """Shipping channel, free text."""

    customer_name: str | None = None
    """Name of the customer."""

    customer_email: str | None = None
    """One e-mail address of the customer."""

    customer_phone: str | None = None
    """Telephone number of the customer, such as `+86123456789`."""

    order_id: str | None = None
    """Your own order id, such as `#123`."""

    order_create_time: str | None = None
    """When the order was placed, free text such as `2017/8/27 16:51`, without a time zone."""

    tracking_ship_date: str | None = None
    """When the parcel was shipped, `YYYYMMDD`; required by some carriers (deutsche-post)."""

    tracking_postal_code: str | None = None
    """Postal code of the destination; required by some carriers (mondialrelay, postnl-3s)."""

    tracking_account_number: str | None = None
    """Account number at the carrier; required by some carriers."""

    special_number_destination: str | None = field(name="specialNumberDestination", default=None)
    """Destination country; required by some carriers (postnl-3s). Called `tracking_destination_country` in `createTracking`."""

    lang: str | None = None
    """Language of the checkpoints, two letters; see `LanguageCode`."""

    auto_correct: Annotated[int, Meta(ge=0, le=1)] | None = None
    """1 keeps the given carrier; with any other value the provider may correct it."""

    comment: str | None = None
    """Comment, free text."""


class UpdateTrackingRequest(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """Changes to a tracking; absent and null fields are not changed."""

    title: str | None = None
    """Title of the goods."""

    logistics_channel: str | None = None
    """Shipping channel, free text."""

    customer_name: str | None = None
    """Name of the customer."""

    customer_email: str | None = None
    """One e-mail address of the customer."""

    customer_phone: str | None = None
    """Telephone number of the customer, such as `+86123456789`."""

    order_id: str | None = None
    """Your own order id."""

    destination_code: str | None = None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    archived: ArchivedText | None = None
    """`"true"` archives the tracking, `"false"` restores it. A string in the reference, not a boolean."""

    status: SettableStatus | SettableStatusText | None = None
    """Status to set manually, as a number or a string."""


class UpdateTrackingItem(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """Changes to one tracking in a batch; the reference lists no `customer_phone` here."""

    tracking_number: Annotated[TrackingNumber, Meta(pattern="\\A[0-9A-Za-z_-]{5,}\\Z")]
    carrier_code: Annotated[CarrierCode, Meta(pattern="\\A[0-9A-Za-z_-]+\\Z")]
    title: str | None = None
    """Title of the goods."""

    logistics_channel: str | None = None
    """Shipping channel, free text."""

    customer_name: str | None = None
    """Name of the customer."""

    customer_email: str | None = None
    """One e-mail address of the customer."""

    order_id: str | None = None
    """Your own order id."""

    destination_code: str | None = None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    status: SettableStatus | SettableStatusText | None = None
    """Status to set manually, as a number or a string."""

    archived: ArchivedText | None = None
    """`"true"` archives the tracking, `"false"` restores it. A string in the reference, not a boolean."""


class RealtimeQuery(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """A number to query in real time. `order` and `specialNumberDestination` have other names in other operations."""

    tracking_number: Annotated[TrackingNumber, Meta(pattern="\\A[0-9A-Za-z_-]{5,}\\Z")]
    carrier_code: Annotated[CarrierCode, Meta(pattern="\\A[0-9A-Za-z_-]+\\Z")]
    destination_code: str | None = None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    tracking_ship_date: str | None = None
    """When the parcel was shipped, `YYYYMMDD`; required by some carriers."""

    tracking_postal_code: str | None = None
    """Postal code of the destination; required by some carriers."""

    tracking_account_number: str | None = None
    """Account number at the carrier; required by some carriers."""

    special_number_destination: str | None = field(name="specialNumberDestination", default=None)
    """Destination country; required by some carriers (postnl-3s)."""

    order: str | None = None
    """Your own order id; called `order_id` in other operations."""

    order_create_time: str | None = None
    """When the order was placed, free text without a time zone; returned as sent."""

    lang: str | None = None
    """Language of the checkpoints, two letters; see `LanguageCode`."""

    auto_correct: Annotated[int, Meta(ge=0, le=1)] | None = None
    """1 keeps the given carrier; with any other value the provider may correct it."""

    comment: str | None = None
    """Comment, free text."""


class CarrierChange(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """The tracking to move, and its new carrier."""

    tracking_number: Annotated[TrackingNumber, Meta(pattern="\\A[0-9A-Za-z_-]{5,}\\Z")]
    carrier_code: Annotated[CarrierCode, Meta(pattern="\\A[0-9A-Za-z_-]+\\Z")]
    update_carrier_code: Annotated[CarrierCode, Meta(pattern="\\A[0-9A-Za-z_-]+\\Z")]
    """The code of the new carrier."""


class CreatedTracking(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A tracking that was just created. The 2017 form lacks `order_create_time`, `customer_phone`, `comment`, `logistics_channel` and `destination`."""

    id: str
    """32 lower-case hexadecimal digits, derived from the pair of carrier and number."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    status: TrackingStatus
    """`pending`."""

    created_at: AwareDatetime | None = None
    """ISO 8601 with the offset of the account's zone."""

    order_create_time: int | str | None = None
    """0 if not given; the form of a given value is unknown. Evidence: recorded."""

    customer_email: str | None = None
    """As given; in spring 2017 the string `"null"` if not given."""

    customer_name: str | None = None
    """As given."""

    customer_phone: str | None = None
    """As given. Evidence: recorded."""

    order_id: str | None = None
    """As given."""

    comment: str | None = None
    """As given. Evidence: recorded."""

    title: str | None = None
    """As given."""

    logistics_channel: str | None = None
    """As given. Evidence: recorded."""

    destination: str | None = None
    """The `destination_code` as given, `""` if not given. Evidence: recorded."""


class CreateTrackingResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `createTracking`."""

    meta: SuccessMeta
    data: CreatedTracking


class Checkpoint(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One tracking event of a carrier."""

    date: str | None = field(name="Date", default=None)
    """Local time at the carrier, `YYYY-MM-DD HH:MM:SS` or `YYYY-MM-DD HH:MM`, without a time zone."""

    status_description: str | None = field(name="StatusDescription", default=None)
    """What happened, as worded by the carrier."""

    details: str | None = field(name="Details", default=None)
    """Place, as worded by the carrier; often `""`."""

    checkpoint_status: TrackingStatus | None = None
    """Status that this checkpoint implies; absent before 2018. Evidence: recorded."""

    substatus: Substatus | None = None
    """Detail of that status; present since 2020. Evidence: recorded."""

    item_node: Milestone | None = field(name="ItemNode", default=None)
    """The milestone that this checkpoint sets, if any. Evidence: recorded."""

    act_type: str | None = field(name="ActType", default=None)
    """UPS only: one of the letters D, I, M, X. Evidence: recorded."""

    substatus_num: int | None = None
    """The substatus as a number; 21 stands for `notfound001`, the other values are unknown. Evidence: recorded."""


class Leg(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    The part of a shipment handled by one carrier: the origin leg, or the destination leg if a second carrier takes over abroad.
    Milestones are local times at the carrier, like those of a checkpoint; responses before 2017 have none.
    """

    reference_number: str | None = field(name="ReferenceNumber", default=None)
    """Only in origin legs, since 2019, not in realtime responses. Evidence: recorded."""

    item_received: str | None = field(name="ItemReceived", default=None)
    """First event of the carrier."""

    item_dispatched: str | None = field(name="ItemDispatched", default=None)
    """The parcel left the office of exchange."""

    departed_from_airport: str | None = field(name="DepartfromAirport", default=None)
    """The parcel left the airport, according to the name; according to the reference's glossary, it arrived there."""

    arrived_from_abroad: str | None = field(name="ArrivalfromAbroad", default=None)
    """The parcel reached the destination country."""

    customs_clearance: str | None = field(name="CustomsClearance", default=None)
    """The parcel was handed to customs."""

    destination_arrived: str | None = field(name="DestinationArrived", default=None)
    """The parcel reached the delivery office."""

    weblink: str | None = None
    """The carrier's home page."""

    phone: str | None = None
    """The carrier's telephone number."""

    carrier_code: str | None = None
    """The carrier of this leg, such as `usps` for the destination of a `china-ems` parcel."""

    track_info: list[Checkpoint] | None = field(name="trackinfo", default=None)
    """Checkpoints, newest first."""


class Tracking(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A tracking with all known data."""

    id: str
    """32 lower-case hexadecimal digits, derived from the pair of carrier and number."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    status: TrackingStatus
    created_at: AwareDatetime | None = None
    """ISO 8601 with the offset of the account's zone."""

    track_update: bool | None = None
    """Whether it is still being refreshed; present since 2019. Evidence: recorded."""

    updated_at: AwareDatetime | None = None
    """
    When the carrier was last queried, ISO 8601 with the offset of the account's zone. Recorded as null for a tracking that has
    results, and as earlier than `created_at`.
    """

    order_create_time: str | None = None
    """When the order was placed, such as `2018-04-01 10:08`, without a time zone."""

    customer_email: str | list[str] | None = None
    """One address, several addresses, or `""`; several in the reference, `""` in recordings."""

    customer_phone: str | list[str] | None = None
    """One number, several numbers, or null. Evidence: recorded."""

    title: str | None = None
    """Title of the goods, `""` if not given; null before 2018."""

    order_id: str | None = None
    """Your own order id."""

    comment: str | None = None
    """Your comment."""

    customer_name: str | None = None
    """Name of the customer."""

    archived: bool | None = None
    """Whether it is archived; present since 2018."""

    original_country: str | None = None
    """English name of the country of origin, such as `Hong Kong [CN]`; `""` if unknown."""

    destination_country: str | None = None
    """English name of the destination country; absent if unknown."""

    signed_by: str | None = field(name="singed_by", default=None)
    """Who signed for the parcel. The field name is misspelt by the API."""

    item_time_length: int | None = field(name="itemTimeLength", default=None)
    """Days in transit, rounded up: from the oldest checkpoint to the newest one if delivered, else to the last query of the carrier."""

    stay_time_length: int | None = field(name="stayTimeLength", default=None)
    """Days without a new event, rounded up: from the newest checkpoint to the last query of the carrier."""

    service_code: str | None = None
    """The carrier's service."""

    status_info: str | None = None
    """Meaning unknown; present since 2019. Evidence: recorded."""

    weight: str | None = None
    """Weight as formatted by the carrier. Evidence: recorded."""

    package_status: str | None = field(name="packageStatus", default=None)
    """Meaning unknown. Evidence: recorded."""

    substatus: Substatus | None = None
    """Detail of the status."""

    destination_track_number: str | None = None
    """The tracking number at the carrier of the destination leg. Evidence: recorded."""

    origin_info: Leg | None = None
    """The origin leg; may be absent while pending."""

    destination_info: Leg | None = None
    """The destination leg. Without one, recordings show all of: absent, null, and a leg in which every field is null."""

    last_event: str | None = field(name="lastEvent", default=None)
    """
    Newest checkpoint as `StatusDescription,Details,Date`, without `Details` and its comma if it is empty. That it is
    null or absent while pending is inferred.
    """

    last_update_time: str | None = field(name="lastUpdateTime", default=None)
    """`Date` of the newest checkpoint of either leg, local time at the carrier, without a time zone."""


class TrackingResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    Response of `getTracking` and `getLocalizedTracking`. A sister API wraps the tracking in an array of one; that this API may do
    the same is inferred.
    """

    meta: SuccessMeta
    data: Tracking


class UpdatedTracking(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    The details of a tracking after an update. The 2017 form ends with `title`; in the documented sample `updated_at` is earlier
    than `created_at`.
    """

    id: str
    """32 lower-case hexadecimal digits, derived from the pair of carrier and number."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    status: TrackingStatus
    order_create_time: int | str | None = None
    """A number in the official types; its form, and its value if not given, are unknown."""

    created_at: AwareDatetime | None = None
    """ISO 8601 with the offset of the account's zone."""

    updated_at: AwareDatetime | None = None
    """ISO 8601 with the offset of the account's zone."""

    customer_email: str | list[str] | None = None
    """One address or several addresses."""

    customer_name: str | None = None
    """Name of the customer."""

    customer_phone: str | list[str] | None = None
    """One number or several numbers."""

    order_id: str | None = None
    """Your own order id."""

    comment: str | None = None
    """Your comment."""

    title: str | None = None
    """Title of the goods."""

    destination: str | None = None
    """Destination country as given."""

    destination_code: str | None = None
    """Destination country as given."""

    logistics_channel: str | None = None
    """Shipping channel."""

    archived: bool | None = None
    """Whether it is archived."""


class UpdateTrackingResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `updateTracking`."""

    meta: SuccessMeta
    data: UpdatedTracking


class DeleteTrackingResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `deleteTracking`."""

    meta: SuccessMeta
    data: list[object]
    """Empty."""


class TrackingPage(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One page of trackings. Only `items` is required, so that a page with invalid counters can still be parsed."""

    items: list[Tracking]
    """The trackings."""

    page: int | None = None
    """The requested page number. Evidence: recorded."""

    limit: int | None = None
    """The requested page size. Evidence: recorded."""

    total: str | int | None = None
    """Number of matching trackings on all pages; a number encoded as a string. Evidence: recorded."""

    count: int | None = None
    """Number of trackings on this page. Evidence: recorded."""


class TrackingListResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `listTrackings`."""

    meta: SuccessMeta
    data: TrackingPage


class RealtimeTracking(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    Current data of the carrier. It has none of the account's own fields such as `created_at` or `title`. Before 2017 it had no
    `stayTimeLength` and no milestones, and `itemTimeLength` was null.
    """

    id: str
    """32 lower-case hexadecimal digits, derived from the pair of carrier and number."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    status: TrackingStatus
    order_create_time: str | None = None
    """Free text as sent, without a time zone; `""` if not given."""

    destination_code: str | None = None
    """As sent; present since 2019. Evidence: recorded."""

    track_update: bool | None = None
    """Whether it is still being refreshed; present since 2019. Evidence: recorded."""

    original_country: str | None = None
    """English name of the country of origin."""

    destination_country: str | None = None
    """English name of the destination country."""

    item_time_length: int | None = field(name="itemTimeLength", default=None)
    """Days in transit, rounded up; see `Tracking`."""

    stay_time_length: int | None = field(name="stayTimeLength", default=None)
    """Days without a new event, rounded up; absent before 2017."""

    service_code: str | None = None
    """The carrier's service."""

    package_status: str | None = field(name="packageStatus", default=None)
    """Meaning unknown. Evidence: recorded."""

    substatus: Substatus | None = None
    """Detail of the status."""

    last_mile_tracking_supported: bool | str | None = None
    """Only null was recorded."""

    origin_info: Leg | None = None
    """The origin leg."""

    destination_info: Leg | None = None
    """The destination leg; absent or null without one."""

    last_event: str | None = field(name="lastEvent", default=None)
    """Newest checkpoint as `StatusDescription,Details,Date`."""

    last_update_time: str | None = field(name="lastUpdateTime", default=None)
    """`Date` of the newest checkpoint of either leg, local time at the carrier, without a time zone."""


class RealtimeResult(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Wrapper of the single item of a realtime response."""

    items: list[RealtimeTracking]
    """Exactly one item."""


class RealtimeResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `trackInRealtime`."""

    meta: SuccessMeta
    data: RealtimeResult


class ChangedCarrier(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Empty result; it does not contain the tracking."""

    usertag: str | None = field(name="Usertag", default=None)
    """Meaning unknown; `""` in the reference."""


class ChangeCarrierResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `changeCarrier`."""

    meta: SuccessMeta
    data: ChangedCarrier


class BatchItemError(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A rejected item of a batch. Evidence: recorded."""

    tracking_number: str | None = None
    """As sent."""

    carrier_code: str | None = None
    """As sent."""

    code: int | None = None
    """Error code; see `x-meta-codes`."""

    message: str | None = None
    """English text."""


class CreateBatchResult(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Results of the items of a batch. Evidence: recorded."""

    submitted: int
    """Number of items sent."""

    added: int
    """Number of items created."""

    trackings: list[CreatedTracking]
    """Only the created items."""

    errors: list[BatchItemError | str] | None = None
    """
    The rejected items. Possibly absent if there are none. A sister API sends each entry as a string that contains the JSON of a
    whole envelope; that this API does the same is inferred.
    """


class CreateBatchResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `createTrackingBatch`."""

    meta: SuccessMeta
    data: CreateBatchResult


class BatchItem(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A successful item of a batch. All fields but the number are inferred."""

    tracking_number: str
    """As sent."""

    carrier_code: str | None = None
    """As sent. Evidence: inferred."""


class UpdateBatchResult(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Result of a batch update. Evidence: inferred."""

    submitted: int
    """Number of items sent."""

    updated: int
    """Number of items changed."""

    trackings: list[BatchItem]
    """Only the changed items."""

    errors: list[BatchItemError] | None = None
    """The rejected items."""


class UpdateBatchResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `updateTrackingBatch`."""

    meta: SuccessMeta
    data: UpdateBatchResult


class DeletedItemMeta(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Result of one item. All fields but the number are inferred."""

    tracking_number: str
    """As sent."""

    carrier_code: str | None = None
    """As sent. Evidence: inferred."""

    code: int | None = None
    """200 if deleted, 4017 if the pair is unknown. Evidence: inferred."""

    message: str | None = None
    """English text. Evidence: inferred."""


class DeletedItem(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Wrapper of the result of one item."""

    meta: DeletedItemMeta


class DeleteBatchResult(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Result of a batch deletion."""

    submitted: int
    """Number of items sent."""

    delete: int
    """Number of items deleted."""

    trackings: list[DeletedItem]
    """One wrapped result per item."""

    errors: list[BatchItemError] | None = None
    """Rejected items, if they are not in `trackings`. Evidence: inferred."""


class DeleteBatchResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `deleteTrackingBatch`."""

    meta: SuccessMeta
    data: DeleteBatchResult


class StopUpdatesResult(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Result of stopping updates."""

    submitted: int
    """Number of items sent."""

    change: int
    """Number of items changed."""

    trackings: list[BatchItem]
    """The changed items; not wrapped, unlike those of `deleteTrackingBatch`."""

    errors: list[BatchItemError] | None = None
    """The rejected items. Evidence: inferred."""


class StopUpdatesResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `stopTrackingUpdates`."""

    meta: SuccessMeta
    data: StopUpdatesResult


class StatusCounts(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    Number of trackings by status. That a status without trackings may be absent, and that the empty map may be encoded as `[]`,
    is inferred from PHP's encoding; count such a status as 0.
    """

    pending: int
    """Just added."""

    notfound: int
    """No information yet."""

    transit: int
    """On the way."""

    pickup: int
    """Out for delivery, or ready for collection."""

    delivered: int
    """Delivered."""

    undelivered: int
    """A delivery attempt failed."""

    exception: int
    """Returned, declined by the recipient, damaged, lost or held by customs."""

    expired: int
    """Not delivered for too long."""


class StatusCountsResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `countTrackings`."""

    meta: SuccessMeta
    data: StatusCounts


class AccountPlan(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The plan of the account. Evidence: inferred."""

    remaining_order: int | str | None = None
    """Number of trackings left."""


class Place(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """A place to check."""

    country: Annotated[str, Meta(min_length=1)]
    """English name or two-letter code of the country."""

    postcode: Annotated[str, Meta(min_length=1)]
    """Postal code, or the name of the town where there are no postal codes."""

    company: str | None = None
    """Only this company, such as `DHL`."""


class RemoteArea(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A company that considers a place remote."""

    far_express_company: str | None = None
    """The company, in lower case: `dhl`, `ups`, `fedex`, `tnt`."""

    two_code: str | None = None
    """Two-letter code of the country (ISO 3166-1 alpha-2)."""

    far_country: str | None = None
    """English name of the country."""

    far_city_postcode: str | None = None
    """Postal code or town as sent."""


class RemoteAreas(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The remote places among those sent."""

    submitted: int
    """Number of places sent."""

    remote: list[RemoteArea]
    """One entry per company and place."""

    other: list[object] | None = None
    """Only `[]` was seen; that it lists the places without a match is inferred."""


class RemoteAreasResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `checkRemoteAreas`."""

    meta: SuccessMeta
    data: RemoteAreas


class Route(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """A carrier and a pair of countries."""

    carrier_code: Annotated[CarrierCode, Meta(pattern="\\A[0-9A-Za-z_-]+\\Z")]
    original: Annotated[str, Meta(min_length=1)]
    """Country of origin, two letters (ISO 3166-1 alpha-2)."""

    destination: Annotated[str, Meta(min_length=1)]
    """Destination country, two letters (ISO 3166-1 alpha-2)."""


class TransitTime(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    Delivery times of a carrier on a route, as shares of parcels. There is no `range2`. The fields after `range5`, and the scale of
    the shares, are inferred.
    """

    carrier_code: str | None = None
    """As sent."""

    original: str | None = None
    """As sent."""

    destination: str | None = None
    """As sent."""

    total: int | str | None = None
    """Number of parcels in the sample."""

    delivered: int | str | None = None
    """Number of delivered parcels in the sample."""

    range1: float | str | None = None
    """Share delivered within 0 to 7 days."""

    range3: float | str | None = None
    """Share delivered within 7 to 15 days."""

    range4: float | str | None = None
    """Share delivered within 16 to 30 days."""

    range5: float | str | None = None
    """Share delivered within 31 to 60 days."""

    range6: float | str | None = None
    """Share delivered after 60 days. Evidence: inferred."""

    average: float | str | None = None
    """Average in days. Evidence: inferred."""


class TransitTimesResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `getTransitTimes`."""

    meta: SuccessMeta
    data: list[TransitTime]
    """One entry per route."""


class AirWaybillQuery(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """The air waybills to track."""

    track_number: Annotated[
        list[Annotated[AirWaybillNumber, Meta(pattern="\\A[0-9]{3}[ -]?[0-9]{7,8}\\Z")]],
        Meta(min_length=1, max_length=40),
    ]
    """The numbers. The official client sends a single number as a string instead of an array."""

    lang: str | None = None
    """Language of the events, two letters; see `LanguageCode`."""


class AirWaybillEvent(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One event of an air waybill; events are not ordered by time."""

    plan_date: str | None = None
    """Planned time, `YYYY-MM-DD HH:MM:SS`, local time at the station."""

    actual_date: str | None = None
    """Actual time, `YYYY-MM-DD HH:MM:SS`, local time at the station."""

    event: str | None = None
    """What happened, as worded by the airline."""

    station: str | None = None
    """IATA airport code."""

    flight_number: str | None = None
    """The flight, such as `CV7493`."""

    status: CargoStatus | None = None
    """Code of the event."""

    piece: str | int | None = None
    """Number of pieces; a number encoded as a string."""

    weight: str | None = None
    """Weight with its unit, or `""`."""


class Flight(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One flight of an air waybill. All times are `YYYY-MM-DD HH:MM:SS`, local time at the station."""

    plan_depart_time: str | None = None
    """Planned departure."""

    depart_time: str | None = None
    """Actual departure."""

    depart_station: str | None = None
    """Departure airport, IATA code."""

    plan_arrival_time: str | None = None
    """Planned arrival."""

    arrival_time: str | None = None
    """Actual arrival."""

    arrival_station: str | None = None
    """Arrival airport, IATA code."""


class AirWaybillDetails(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The airline's data on an air waybill."""

    weight: str | None = None
    """Weight with its unit, `1981K` for 1,981 kilograms."""

    piece: int | str | None = None
    """Number of pieces."""

    origin: str | None = None
    """Origin airport, IATA code."""

    destination: str | None = None
    """Destination airport, IATA code."""

    track_info: list[AirWaybillEvent] | None = None
    """Events, not ordered by time."""

    status_number: StatusNumber | None = None
    """Overall status; 4 was seen with a final delivery."""

    flight_info: dict[str, Flight] | None = None
    """Flights by flight number, not ordered by time. An empty map may be encoded as `[]`."""

    flight_way_station: list[str] | None = None
    """The stations in order. That they are airport codes is inferred."""

    last_event: str | None = None
    """Newest event as `actual_date, event, station, flight_number`."""


class Airline(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The airline of the number's prefix."""

    name: str | None = None
    """Name."""

    url: str | None = None
    """Home page, or `""`."""

    track_url: str | None = None
    """Tracking page, or `""`."""


class AirWaybill(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The result for one air waybill number."""

    track_number: str
    """The number as sent."""

    return_data: AirWaybillDetails | None = None
    """Known data; null for an unknown number (inferred). `[]` stands for null."""

    airline_info: Airline | None = None
    """The airline; a sibling of `return_data`."""


class AirWaybillsResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `trackAirWaybills`."""

    meta: SuccessMeta
    data: dict[str, AirWaybill]
    """Results by air waybill number. An empty map may be encoded as `[]`."""


class Carrier(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A carrier."""

    name: str
    """Name."""

    code: CarrierCode
    phone: str | None = None
    """Telephone number, `""` if missing."""

    homepage: str | None = None
    """Home page, `""` if missing; without a scheme (`//www.dhl.com/`) in the reference."""

    type: CarrierType | None = None
    picture: str | None = None
    """
    Logo, a URL without a scheme: for couriers by code (`…/icons/express/dhl.png`), for postal services by number
    (`…/express/companylogo/3010.jpg`).
    """

    name_cn: str | None = None
    """Chinese name; recorded in a sister API."""


class CarriersResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `listCarriers`."""

    meta: SuccessMeta
    data: list[Carrier]
    """All carriers."""


class DetectQuery(
    Model, frozen=True, kw_only=True, omit_defaults=True, gc=False, forbid_unknown_fields=True
):
    """The number whose carrier is to be detected."""

    tracking_number: Annotated[TrackingNumber, Meta(pattern="\\A[0-9A-Za-z_-]{5,}\\Z")]
    lang: str | None = None
    """Language of the names, two letters; sent by the official client."""


class DetectedCarrier(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A likely carrier."""

    name: str
    """Name of the carrier."""

    code: CarrierCode


class DetectResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `detectCarrier`."""

    meta: SuccessMeta
    data: list[DetectedCarrier]
    """Likely carriers, best guess first."""


class WebhookSignature(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A signature that does not cover the body; it proves only that the sender knows the account's e-mail address."""

    time_str: int | str = field(name="timeStr")
    """
    When the webhook was sent, Unix seconds; the signed text is this number in decimal digits. A number in the recording of 2017,
    one second after `updated_at`. Classes of 2019 have a string, so receivers must accept both; the official ones convert it to
    a string. Evidence: recorded.
    """

    signature: str
    """HMAC-SHA256 of `timeStr` with the e-mail address as key, lower-case hexadecimal."""


class TrackingEventData(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    The tracking in a webhook; the fields known to be sent, a subset of `Tracking`. The recording of 2017 has no `substatus`, and its
    `lastUpdateTime` precedes `lastEvent`. Evidence: recorded.
    """

    id: str
    """32 lower-case hexadecimal digits, derived from the pair of carrier and number."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    status: TrackingStatus
    created_at: AwareDatetime | None = None
    """ISO 8601 with the offset of the account's zone."""

    updated_at: AwareDatetime | None = None
    """When the carrier was last queried, ISO 8601 with the offset of the account's zone."""

    customer_email: str | list[str] | None = None
    """One address, several addresses, or `""`."""

    title: str | None = None
    """Title of the goods."""

    order_id: str | None = None
    """Your own order id."""

    customer_name: str | None = None
    """Name of the customer."""

    original_country: str | None = None
    """English name of the country of origin."""

    destination_country: str | None = None
    """English name of the destination country."""

    item_time_length: int | None = field(name="itemTimeLength", default=None)
    """Days in transit, rounded up; see `Tracking`."""

    service_code: str | None = None
    """The carrier's service."""

    substatus: Substatus | None = None
    """Detail of the status."""

    origin_info: Leg | None = None
    """The origin leg."""

    destination_info: Leg | None = None
    """The destination leg. Without one, the recording of 2017 has null for its `weblink`, `phone`, `carrier_code` and `trackinfo`."""

    last_event: str | None = field(name="lastEvent", default=None)
    """Newest checkpoint as `StatusDescription,Details,Date`."""

    last_update_time: str | None = field(name="lastUpdateTime", default=None)
    """`Date` of the newest checkpoint of either leg, local time at the carrier, without a time zone."""


class TrackingEvent(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Body of the webhook `trackingUpdated`. Evidence: recorded."""

    data: TrackingEventData
    meta: SuccessMeta | None = None
    """Code 200, type and message `Success`."""

    verify_info: WebhookSignature | None = field(name="verifyInfo", default=None)


class Account(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The account of the API key, and its remaining quota."""

    email: str
    """E-mail address of the account; it is also the secret of the webhook signature."""

    regtime: str | int | None = None
    """When the account was registered, Unix seconds as a string."""

    phone: str | int | None = None
    """Telephone number. The reference prints it without quotes, which is not JSON; a string, and null if empty, are inferred."""

    money: float | str | None = None
    """Balance; the currency is not documented."""

    track_number: int | str | None = None
    """Number of trackings left."""

    plan: AccountPlan | None = None
    """A newer form of the quota, which one client reads instead of `track_number`. Evidence: inferred."""


class AccountResponse(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response of `getAccount`."""

    meta: SuccessMeta
    data: Account


__all__ = [
    "Account",
    "AccountPlan",
    "AccountResponse",
    "AirWaybill",
    "AirWaybillDetails",
    "AirWaybillEvent",
    "AirWaybillNumber",
    "AirWaybillQuery",
    "AirWaybillsResponse",
    "Airline",
    "ArchivedText",
    "BatchItem",
    "BatchItemError",
    "CargoStatus",
    "Carrier",
    "CarrierChange",
    "CarrierCode",
    "CarrierLanguage",
    "CarrierType",
    "CarriersResponse",
    "ChangeCarrierResponse",
    "ChangedCarrier",
    "Checkpoint",
    "CreateBatchResponse",
    "CreateBatchResult",
    "CreateTrackingItem",
    "CreateTrackingRequest",
    "CreateTrackingResponse",
    "CreatedTracking",
    "DeleteBatchResponse",
    "DeleteBatchResult",
    "DeleteTrackingResponse",
    "DeletedItem",
    "DeletedItemMeta",
    "DetectQuery",
    "DetectResponse",
    "DetectedCarrier",
    "ErrorCode",
    "ErrorMeta",
    "ErrorResponse",
    "Flight",
    "LanguageCode",
    "Leg",
    "Milestone",
    "OrderIdFilter",
    "Place",
    "RealtimeQuery",
    "RealtimeResponse",
    "RealtimeResult",
    "RealtimeTracking",
    "RemoteArea",
    "RemoteAreas",
    "RemoteAreasResponse",
    "Route",
    "SettableStatus",
    "SettableStatusText",
    "StatusCounts",
    "StatusCountsResponse",
    "StatusNumber",
    "StopUpdatesResponse",
    "StopUpdatesResult",
    "Substatus",
    "SuccessCode",
    "SuccessMeta",
    "Tracking",
    "TrackingEvent",
    "TrackingEventData",
    "TrackingKey",
    "TrackingListResponse",
    "TrackingNumber",
    "TrackingPage",
    "TrackingResponse",
    "TrackingStatus",
    "TransitTime",
    "TransitTimesResponse",
    "UnixSeconds",
    "UpdateBatchResponse",
    "UpdateBatchResult",
    "UpdateTrackingItem",
    "UpdateTrackingRequest",
    "UpdateTrackingResponse",
    "UpdatedTracking",
    "WebhookSignature",
]
