# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""The schemas of the contract."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TypeAlias

from msgspec import Struct, field

from trackingmore_v2_api.enums import OpenIntEnum, OpenStrEnum

TrackingNumber: TypeAlias = str
"""A carrier's number for a parcel, at least five letters, digits, hyphens or underscores."""


CarrierCode: TypeAlias = str
"""A carrier's code, lower case in practice."""


AirWaybillNumber: TypeAlias = str
"""
An air waybill number: the airline's three-digit prefix, then seven or eight digits, with a hyphen, a blank or nothing
between.
"""


LanguageCode: TypeAlias = str
"""Two letters, sent in lower case. Seen: `en`, `cn` (Chinese), `tw` (traditional Chinese), `es`, `it`, `ru`; not always ISO 639."""


OrderIdFilter: TypeAlias = str
"""An order id without a comma."""


UnixSeconds: TypeAlias = int
"""Seconds since 1970-01-01 00:00 UTC."""


class TrackingStatus(OpenStrEnum):
    """
    Where a parcel stands. `pending`: just added, not queried yet. `notfound`: no information yet. `transit`: on the way.
    `pickup`: out for delivery, or ready to be collected. `delivered`: delivered. `undelivered`: a delivery attempt failed.
    `exception`: returned, refused, damaged, lost or held by customs. `expired`: no delivery for long, 30 days express, 60 days post.
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
    Detail of a status. `notfound001` information received, about to be collected; `notfound002` nothing at all;
    `transit001` on the way; `transit002` at a hub or sorting centre; `transit003` at the delivery facility; `transit004` in the
    destination country; `transit005` customs done; `transit006` dispatched; `transit007` left the airport (recorded 2021);
    `pickup001` out for delivery (recorded 2020); `pickup002` ready for collection; `pickup003` customer contacted;
    `delivered001` delivered; `delivered002` collected by the customer; `delivered003` signed by the customer; `delivered004`
    left at the door or with a neighbour; `exception001` to `exception003` (old) no news too long after adding, too long in
    transit, too long undelivered; `exception004` unclaimed; `exception005` delivery exception (old: sent back); `exception006`
    kept by customs; `exception007` damaged, lost or discarded; `exception008` cancelled before delivery; `exception009` refused;
    `exception010` returned to sender; `exception011` on the way back. The reference prints `not found001`; the wire has no blank.
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
    """The milestone of a leg that a checkpoint set. Only `ItemReceived` was recorded; the others are the leg's own field names."""

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
    A tracking status as a number. 4 (delivered) and 7 (exception) were seen, the others are inferred: 0 pending, 1 not found,
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
    """A status that can be set by hand. 4 delivered, 7 exception, 8 back to the original status."""

    DELIVERED = 4
    EXCEPTION = 7
    ORIGINAL = 8


class SettableStatusText(StrEnum):
    """The same as text, as the official client sends it."""

    DELIVERED = "4"
    EXCEPTION = "7"
    ORIGINAL = "8"


class ArchivedText(StrEnum):
    """A truth value as text; sent so, and returned as a boolean."""

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


class SuccessMeta(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The verdict on a request that was carried out."""

    code: int
    """200, or 201 when something was created."""

    type: str | None = None
    """`Success` or `Created`; absent in `listCarriers`."""

    message: str | None = None
    """English text; absent in `listCarriers`."""


class ErrorMeta(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The verdict on a request that was refused."""

    code: int
    """What was wrong; see `x-meta-codes`."""

    type: str | None = None
    """The kind of refusal, such as `Bad Request`."""

    message: str | None = None
    """English text."""


class ErrorResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What every operation answers when it refuses, under HTTP 200."""

    meta: ErrorMeta
    data: list[object]
    """Empty, also where success gives an object."""


class TrackingKey(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Names one parcel of the account."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode


class CreateTrackingRequest(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A parcel to follow."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
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
    """When the order was placed, free text such as `2017/8/27 16:51`, no zone."""

    tracking_ship_date: str | None = None
    """When the parcel was shipped, `YYYYMMDD`; some carriers need it (deutsche-post)."""

    tracking_postal_code: str | None = None
    """Postal code of the destination; some carriers need it (mondialrelay, postnl-3s)."""

    tracking_account_number: str | None = None
    """Account number at the carrier; some carriers need it."""

    tracking_destination_country: str | None = None
    """Destination country; some carriers need it (postnl-3s). Batch and realtime call it `specialNumberDestination`."""

    lang: str | None = None
    """Language of the checkpoints, two letters; see `LanguageCode`."""

    auto_correct: int | None = None
    """1 keeps the given carrier; otherwise the provider may correct it."""

    comment: str | None = None
    """A remark, free text."""


class CreateTrackingItem(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A parcel to follow, as an item of a batch."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
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
    """When the order was placed, free text such as `2017/8/27 16:51`, no zone."""

    tracking_ship_date: str | None = None
    """When the parcel was shipped, `YYYYMMDD`; some carriers need it (deutsche-post)."""

    tracking_postal_code: str | None = None
    """Postal code of the destination; some carriers need it (mondialrelay, postnl-3s)."""

    tracking_account_number: str | None = None
    """Account number at the carrier; some carriers need it."""

    special_number_destination: str | None = field(name="specialNumberDestination", default=None)
    """Destination country; some carriers need it (postnl-3s). `createTracking` calls it `tracking_destination_country`."""

    lang: str | None = None
    """Language of the checkpoints, two letters; see `LanguageCode`."""

    auto_correct: int | None = None
    """1 keeps the given carrier; otherwise the provider may correct it."""

    comment: str | None = None
    """A remark, free text."""


class UpdateTrackingRequest(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What to change of a parcel; what is absent or null stays as it is."""

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
    """`"true"` archives, `"false"` brings back. Text, not a boolean."""

    status: SettableStatus | SettableStatusText | None = None
    """Status set by hand, as a number or as text."""


class UpdateTrackingItem(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What to change of one parcel in a batch; the reference lists no `customer_phone` here."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
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
    """Status set by hand, as a number or as text."""

    archived: ArchivedText | None = None
    """`"true"` archives, `"false"` brings back. Text, not a boolean."""


class RealtimeQuery(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A parcel to ask its carrier about. Note `order` and `specialNumberDestination`, which have other names elsewhere."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    destination_code: str | None = None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    tracking_ship_date: str | None = None
    """When the parcel was shipped, `YYYYMMDD`; some carriers need it."""

    tracking_postal_code: str | None = None
    """Postal code of the destination; some carriers need it."""

    tracking_account_number: str | None = None
    """Account number at the carrier; some carriers need it."""

    special_number_destination: str | None = field(name="specialNumberDestination", default=None)
    """Destination country; some carriers need it (postnl-3s)."""

    order: str | None = None
    """Your own order id; called `order_id` elsewhere."""

    order_create_time: str | None = None
    """When the order was placed, free text, no zone; returned as it was sent."""

    lang: str | None = None
    """Language of the checkpoints, two letters; see `LanguageCode`."""

    auto_correct: int | None = None
    """1 keeps the given carrier; otherwise the provider may correct it."""

    comment: str | None = None
    """A remark, free text."""


class CarrierChange(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The parcel to move, and its new carrier."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    update_carrier_code: CarrierCode


class CreatedTracking(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A parcel just created. Its 2017 form lacks `order_create_time`, `customer_phone`, `comment`, `logistics_channel` and `destination`."""

    id: str
    """32 lower-case hexadecimal digits, always the same for one pair."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    status: TrackingStatus
    """`pending`."""

    created_at: str
    """ISO 8601 with the offset of the account's zone."""

    order_create_time: int | str | None = None
    """0 when not given; what it is when given is unknown."""

    customer_email: str | None = None
    """As given; in spring 2017 the text `"null"` when not given."""

    customer_name: str | None = None
    """As given."""

    customer_phone: str | None = None
    """As given."""

    order_id: str | None = None
    """As given."""

    comment: str | None = None
    """As given."""

    title: str | None = None
    """As given."""

    logistics_channel: str | None = None
    """As given."""

    destination: str | None = None
    """The `destination_code` as given, `""` when not given."""


class CreateTrackingResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `createTracking`."""

    meta: SuccessMeta
    data: CreatedTracking


class Checkpoint(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One piece of news from a carrier."""

    date: str | None = field(name="Date", default=None)
    """Local time at the carrier, `YYYY-MM-DD HH:MM:SS` or `YYYY-MM-DD HH:MM`, no zone."""

    status_description: str | None = field(name="StatusDescription", default=None)
    """What happened, in the words of the carrier."""

    details: str | None = field(name="Details", default=None)
    """Where, in the words of the carrier; often `""`."""

    checkpoint_status: TrackingStatus | None = None
    """Status that this news means; absent before 2018."""

    substatus: Substatus | None = None
    """Detail of that status; since 2020."""

    item_node: Milestone | None = field(name="ItemNode", default=None)
    """The milestone that this news set, if any."""

    act_type: str | None = field(name="ActType", default=None)
    """UPS only: one of the letters D, I, M, X."""

    substatus_num: int | None = None
    """The substatus as a number; 21 stands for `notfound001`, the others are unknown."""


class Leg(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    What one carrier knows of a parcel: the origin leg, or the destination leg when a second carrier takes over abroad. Milestones
    are carrier-local times like those of a checkpoint; answers before 2017 have none.
    """

    reference_number: str | None = field(name="ReferenceNumber", default=None)
    """Only in origin legs, since 2019, not in realtime answers."""

    item_received: str | None = field(name="ItemReceived", default=None)
    """First news from the carrier."""

    item_dispatched: str | None = field(name="ItemDispatched", default=None)
    """The parcel left the office of exchange."""

    departed_from_airport: str | None = field(name="DepartfromAirport", default=None)
    """By its name, the parcel left the airport; the reference's glossary says that it arrived there."""

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


class Tracking(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A parcel, with everything known about it."""

    id: str
    """32 lower-case hexadecimal digits, always the same for one pair."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    status: TrackingStatus
    created_at: str
    """ISO 8601 with the offset of the account's zone."""

    track_update: bool | None = None
    """Whether it is still being refreshed; since 2019."""

    updated_at: str | None = None
    """
    When the carrier was last asked, ISO 8601 with the offset of the account's zone. Recorded as null for a parcel that has
    results, and seen earlier than `created_at`.
    """

    order_create_time: str | None = None
    """When the order was placed, such as `2018-04-01 10:08`, no zone."""

    customer_email: str | list[str] | None = None
    """One address, several, or `""`; several in the reference, `""` in recordings."""

    customer_phone: str | list[str] | None = None
    """One number, several, or none."""

    title: str | None = None
    """Title of the goods, `""` when none; null before 2018."""

    order_id: str | None = None
    """Your own order id."""

    comment: str | None = None
    """Your remark."""

    customer_name: str | None = None
    """Name of the customer."""

    archived: bool | None = None
    """Whether it is archived; since 2018."""

    original_country: str | None = None
    """English name of the country of origin, such as `Hong Kong [CN]`; `""` when unknown."""

    destination_country: str | None = None
    """English name of the destination country; absent when unknown."""

    signed_by: str | None = field(name="singed_by", default=None)
    """Who signed for it; misspelt on the wire."""

    item_time_length: int | None = field(name="itemTimeLength", default=None)
    """Days in transit, rounded up: from the oldest checkpoint to the newest one once delivered, else to the last look at the carrier."""

    stay_time_length: int | None = field(name="stayTimeLength", default=None)
    """Days without news, rounded up: from the newest checkpoint to the last look at the carrier."""

    service_code: str | None = None
    """The carrier's service."""

    status_info: str | None = None
    """Unknown; since 2019."""

    weight: str | None = None
    """Weight as the carrier writes it."""

    package_status: str | None = field(name="packageStatus", default=None)
    """Unknown."""

    substatus: Substatus | None = None
    """Detail of the status."""

    destination_track_number: str | None = None
    """The number at the carrier of the destination leg."""

    origin_info: Leg | None = None
    """The first leg; may be absent while pending."""

    destination_info: Leg | None = None
    """The second leg. When there is none, recordings show all of: absent, null, and a leg in which everything is null."""

    last_event: str | None = field(name="lastEvent", default=None)
    """
    Newest checkpoint as `StatusDescription,Details,Date`, without Details and its comma when they are empty. That it is
    null or absent while pending is inferred.
    """

    last_update_time: str | None = field(name="lastUpdateTime", default=None)
    """`Date` of the newest checkpoint of either leg, carrier-local, no zone."""


class TrackingResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `getTracking` and `getLocalizedTracking`."""

    meta: SuccessMeta
    data: Tracking


class UpdatedTracking(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    The details of a parcel after a change. The 2017 form ends with `title`; in the documented sample `updated_at` lies before
    `created_at`.
    """

    id: str
    """32 lower-case hexadecimal digits, always the same for one pair."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    status: TrackingStatus
    order_create_time: int | str | None = None
    """A number in the official types; in which form, and what when not given, is unknown."""

    created_at: str | None = None
    """ISO 8601 with the offset of the account's zone."""

    updated_at: str | None = None
    """ISO 8601 with the offset of the account's zone."""

    customer_email: str | list[str] | None = None
    """One address or several."""

    customer_name: str | None = None
    """Name of the customer."""

    customer_phone: str | list[str] | None = None
    """One number or several."""

    order_id: str | None = None
    """Your own order id."""

    comment: str | None = None
    """Your remark."""

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


class UpdateTrackingResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `updateTracking`."""

    meta: SuccessMeta
    data: UpdatedTracking


class DeleteTrackingResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `deleteTracking`."""

    meta: SuccessMeta
    data: list[object]
    """Empty."""


class TrackingPage(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One page of parcels. Only `items` is required, so that a page whose counters are broken is still a page."""

    items: list[Tracking]
    """The parcels."""

    page: int | None = None
    """The page asked for."""

    limit: int | None = None
    """The page size asked for."""

    total: str | int | None = None
    """Parcels that match on all pages; a number written as text."""

    count: int | None = None
    """Parcels on this page."""


class TrackingListResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `listTrackings`."""

    meta: SuccessMeta
    data: TrackingPage


class RealtimeTracking(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    A parcel as its carrier sees it now. It has none of the account's own fields such as `created_at` or `title`. Before 2017 it had no
    `stayTimeLength` and no milestones, and `itemTimeLength` was null.
    """

    id: str
    """32 lower-case hexadecimal digits, always the same for one pair."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    status: TrackingStatus
    order_create_time: str | None = None
    """Free text as it was sent, no zone; `""` when not given."""

    destination_code: str | None = None
    """As it was sent; since 2019."""

    track_update: bool | None = None
    """Whether it is still being refreshed; since 2019."""

    original_country: str | None = None
    """English name of the country of origin."""

    destination_country: str | None = None
    """English name of the destination country."""

    item_time_length: int | None = field(name="itemTimeLength", default=None)
    """Days in transit, rounded up; see `Tracking`."""

    stay_time_length: int | None = field(name="stayTimeLength", default=None)
    """Days without news, rounded up; absent before 2017."""

    service_code: str | None = None
    """The carrier's service."""

    package_status: str | None = field(name="packageStatus", default=None)
    """Unknown."""

    substatus: Substatus | None = None
    """Detail of the status."""

    last_mile_tracking_supported: bool | str | None = None
    """Only null was recorded."""

    origin_info: Leg | None = None
    """The first leg."""

    destination_info: Leg | None = None
    """The second leg; absent or null when there is none."""

    last_event: str | None = field(name="lastEvent", default=None)
    """Newest checkpoint as `StatusDescription,Details,Date`."""

    last_update_time: str | None = field(name="lastUpdateTime", default=None)
    """`Date` of the newest checkpoint of either leg, carrier-local, no zone."""


class RealtimeResult(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Wraps the single item of a realtime answer."""

    items: list[RealtimeTracking]
    """Exactly one item."""


class RealtimeResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `trackInRealtime`."""

    meta: SuccessMeta
    data: RealtimeResult


class ChangedCarrier(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Says nothing about the parcel."""

    usertag: str | None = field(name="Usertag", default=None)
    """Unknown; `""` in the reference."""


class ChangeCarrierResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `changeCarrier`."""

    meta: SuccessMeta
    data: ChangedCarrier


class BatchItemError(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One item of a batch that was refused."""

    tracking_number: str | None = None
    """As it was sent."""

    carrier_code: str | None = None
    """As it was sent."""

    code: int | None = None
    """What was wrong; see `x-meta-codes`."""

    message: str | None = None
    """English text."""


class CreateBatchResult(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Verdicts on the items of a batch."""

    submitted: int
    """Items sent."""

    added: int
    """Items created."""

    trackings: list[CreatedTracking]
    """The created ones only."""

    errors: list[BatchItemError | str] | None = None
    """
    The refused ones. Possibly absent when there are none. A twin of this API sends each entry as text that holds the JSON of a
    whole envelope; to expect the same here is inferred.
    """


class CreateBatchResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `createTrackingBatch`."""

    meta: SuccessMeta
    data: CreateBatchResult


class BatchItem(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One item of a batch that was carried out. What follows the number is inferred."""

    tracking_number: str
    """As it was sent."""

    carrier_code: str | None = None
    """As it was sent."""


class UpdateBatchResult(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What was changed."""

    submitted: int
    """Items sent."""

    updated: int
    """Items changed."""

    trackings: list[BatchItem]
    """The changed ones only."""

    errors: list[BatchItemError] | None = None
    """The refused ones."""


class UpdateBatchResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `updateTrackingBatch`."""

    meta: SuccessMeta
    data: UpdateBatchResult


class DeletedItemMeta(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The verdict on one item. Everything but the number is inferred."""

    tracking_number: str
    """As it was sent."""

    carrier_code: str | None = None
    """As it was sent."""

    code: int | None = None
    """200 when deleted, 4017 when the pair is unknown."""

    message: str | None = None
    """English text."""


class DeletedItem(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Wraps the verdict on one item."""

    meta: DeletedItemMeta


class DeleteBatchResult(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What was deleted."""

    submitted: int
    """Items sent."""

    delete: int
    """Items deleted."""

    trackings: list[DeletedItem]
    """One verdict for each item, wrapped."""

    errors: list[BatchItemError] | None = None
    """Refused items, if they are not among `trackings`."""


class DeleteBatchResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `deleteTrackingBatch`."""

    meta: SuccessMeta
    data: DeleteBatchResult


class StopUpdatesResult(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Whose refreshing was stopped."""

    submitted: int
    """Items sent."""

    change: int
    """Items changed."""

    trackings: list[BatchItem]
    """The changed ones; not wrapped, unlike those of `deleteTrackingBatch`."""

    errors: list[BatchItemError] | None = None
    """The refused ones."""


class StopUpdatesResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `stopTrackingUpdates`."""

    meta: SuccessMeta
    data: StopUpdatesResult


class StatusCounts(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Parcels by status."""

    pending: int
    """Just added."""

    notfound: int
    """No information yet."""

    transit: int
    """On the way."""

    pickup: int
    """Out for delivery, or ready to be collected."""

    delivered: int
    """Delivered."""

    undelivered: int
    """A delivery attempt failed."""

    exception: int
    """Returned, refused, damaged, lost or held by customs."""

    expired: int
    """No delivery for long."""


class StatusCountsResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `countTrackings`."""

    meta: SuccessMeta
    data: StatusCounts


class Account(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Whose key it is, and what is left."""

    email: str
    """E-mail address of the account; it is also the secret of the webhook signature."""

    regtime: str | int | None = None
    """When the account was registered, Unix seconds as text."""

    phone: str | int | None = None
    """Telephone number. The reference prints it without quotes, which is not JSON; text, and null when empty, are inferred."""

    money: float | str | None = None
    """Balance; its currency is not stated."""

    track_number: int | str | None = None
    """Trackings left."""


class AccountResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `getAccount`."""

    meta: SuccessMeta
    data: Account


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A place to check."""

    country: str
    """English name or two-letter code of the country."""

    postcode: str
    """Postal code, or the name of the town where there are none."""

    company: str | None = None
    """Only this company, such as `DHL`."""


class RemoteArea(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One company that calls one place remote."""

    far_express_company: str | None = None
    """The company, in lower case: `dhl`, `ups`, `fedex`, `tnt`."""

    two_code: str | None = None
    """Two-letter code of the country (ISO 3166-1 alpha-2)."""

    far_country: str | None = None
    """English name of the country."""

    far_city_postcode: str | None = None
    """Postal code or town as it was sent."""


class RemoteAreas(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Which of the places are remote."""

    submitted: int
    """Places sent."""

    remote: list[RemoteArea]
    """One entry for each company and place."""

    other: list[object] | None = None
    """Only `[]` was seen; that places without a hit stand here is inferred."""


class RemoteAreasResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `checkRemoteAreas`."""

    meta: SuccessMeta
    data: RemoteAreas


class Route(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A carrier and a pair of countries."""

    carrier_code: CarrierCode
    original: str
    """Country of origin, two letters (ISO 3166-1 alpha-2)."""

    destination: str
    """Destination country, two letters (ISO 3166-1 alpha-2)."""


class TransitTime(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    How long a carrier takes on a route, by shares of parcels. There is no `range2`. The attributes after `range5`, and the scale of
    the shares, are inferred.
    """

    carrier_code: str | None = None
    """As it was sent."""

    original: str | None = None
    """As it was sent."""

    destination: str | None = None
    """As it was sent."""

    total: int | str | None = None
    """Parcels in the sample."""

    delivered: int | str | None = None
    """Delivered parcels in the sample."""

    range1: float | str | None = None
    """Share delivered within 0 to 7 days."""

    range3: float | str | None = None
    """Share delivered within 7 to 15 days."""

    range4: float | str | None = None
    """Share delivered within 16 to 30 days."""

    range5: float | str | None = None
    """Share delivered within 31 to 60 days."""

    range6: float | str | None = None
    """Share delivered after 60 days."""

    average: float | str | None = None
    """Average in days."""


class TransitTimesResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `getTransitTimes`."""

    meta: SuccessMeta
    data: list[TransitTime]
    """One entry for each route."""


class AirWaybillQuery(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The air waybills to track."""

    track_number: list[AirWaybillNumber] | AirWaybillNumber
    """Several numbers, or a single one as the official client sends it."""

    lang: str | None = None
    """Language of the events, two letters; see `LanguageCode`."""


class AirWaybillEvent(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One event of an air waybill; their order is not by time."""

    plan_date: str | None = None
    """When it was planned, `YYYY-MM-DD HH:MM:SS`, local time at the station."""

    actual_date: str | None = None
    """When it happened, `YYYY-MM-DD HH:MM:SS`, local time at the station."""

    event: str | None = None
    """What happened, in the words of the airline."""

    station: str | None = None
    """Where: IATA airport code."""

    flight_number: str | None = None
    """The flight, such as `CV7493`."""

    status: CargoStatus | None = None
    """What happened, as a code."""

    piece: str | int | None = None
    """Pieces concerned; a number written as text."""

    weight: str | None = None
    """Weight with its unit, or `""`."""


class Flight(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One flight of an air waybill. All times are `YYYY-MM-DD HH:MM:SS`, local at the station."""

    plan_depart_time: str | None = None
    """Planned departure."""

    depart_time: str | None = None
    """Actual departure."""

    depart_station: str | None = None
    """From: IATA airport code."""

    plan_arrival_time: str | None = None
    """Planned arrival."""

    arrival_time: str | None = None
    """Actual arrival."""

    arrival_station: str | None = None
    """To: IATA airport code."""


class AirWaybillDetails(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What the airline knows of an air waybill."""

    weight: str | None = None
    """Weight with its unit, `1981K` for 1,981 kilograms."""

    piece: int | str | None = None
    """Pieces."""

    origin: str | None = None
    """IATA airport code."""

    destination: str | None = None
    """IATA airport code."""

    track_info: list[AirWaybillEvent] | None = None
    """Events, not ordered by time."""

    status_number: StatusNumber | None = None
    """Status of the whole; 4 was seen with a final delivery."""

    flight_info: dict[str, Flight] | None = None
    """Flights by flight number, not ordered by time. PHP's `[]` for an empty map is to be read as one."""

    flight_way_station: list[str] | None = None
    """The stations in order. That the elements are airport codes is inferred."""

    last_event: str | None = None
    """Newest event as `actual_date, event, station, flight_number`."""


class Airline(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The airline that the number's prefix names."""

    name: str | None = None
    """Name."""

    url: str | None = None
    """Home page, or `""`."""

    track_url: str | None = None
    """Tracking page, or `""`."""


class AirWaybill(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The result for one air waybill number."""

    track_number: str
    """The number as it was sent."""

    return_data: AirWaybillDetails | None = None
    """What is known; null for an unknown number (inferred). PHP's `[]` for it is to be read as null."""

    airline_info: Airline | None = None
    """The airline; beside `return_data`, not in it."""


class AirWaybillsResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `trackAirWaybills`."""

    meta: SuccessMeta
    data: dict[str, AirWaybill]
    """Results by air waybill number. PHP's `[]` for an empty map is to be read as one."""


class Carrier(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A carrier."""

    name: str
    """Name."""

    code: CarrierCode
    phone: str | None = None
    """Telephone number, `""` when there is none."""

    homepage: str | None = None
    """Home page, `""` when there is none; without a scheme (`//www.dhl.com/`) in the reference."""

    type: CarrierType | None = None
    picture: str | None = None
    """
    Logo, an address without a scheme: for couriers by code (`…/icons/express/dhl.png`), for postal services by number
    (`…/express/companylogo/3010.jpg`).
    """

    name_cn: str | None = None
    """Chinese name; recorded at a twin of this API."""


class CarriersResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `listCarriers`."""

    meta: SuccessMeta
    data: list[Carrier]
    """All carriers."""


class DetectQuery(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The number to guess about."""

    tracking_number: TrackingNumber
    lang: str | None = None
    """Language of the names, two letters; sent by the official client."""


class DetectedCarrier(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A guess."""

    name: str
    """Name of the carrier."""

    code: CarrierCode


class DetectResponse(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Answer to `detectCarrier`."""

    meta: SuccessMeta
    data: list[DetectedCarrier]
    """Guesses, the best first."""


class WebhookSignature(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A signature that does not cover the body: it proves only that the sender knows the account's e-mail address."""

    time_str: str = field(name="timeStr")
    """The signed text; Unix seconds are inferred."""

    signature: str
    """HMAC-SHA256 of `timeStr` with the e-mail address as key, lower-case hexadecimal."""


class TrackingEventData(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The parcel as the webhook tells it; the fields known to be sent, a subset of `Tracking`."""

    id: str
    """32 lower-case hexadecimal digits, always the same for one pair."""

    tracking_number: TrackingNumber
    carrier_code: CarrierCode
    status: TrackingStatus
    created_at: str | None = None
    """ISO 8601 with the offset of the account's zone."""

    updated_at: str | None = None
    """When the carrier was last asked, ISO 8601 with the offset of the account's zone."""

    customer_email: str | list[str] | None = None
    """One address, several, or `""`."""

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
    """The first leg."""

    destination_info: Leg | None = None
    """The second leg."""

    last_event: str | None = field(name="lastEvent", default=None)
    """Newest checkpoint as `StatusDescription,Details,Date`."""

    last_update_time: str | None = field(name="lastUpdateTime", default=None)
    """`Date` of the newest checkpoint of either leg, carrier-local, no zone."""


class TrackingEvent(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Body of the webhook `trackingUpdated`."""

    data: TrackingEventData
    meta: SuccessMeta | None = None
    verify_info: WebhookSignature | None = field(name="verifyInfo", default=None)
