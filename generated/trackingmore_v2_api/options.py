# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""
Request bodies as callers give them: items of batches as dicts, optional fields as keyword arguments.

    def create(carrier_code: str, **options: Unpack[CreateTrackingRequestOptionsDict]) -> ...
"""

from typing import Literal, Required, TypedDict

from . import models


class AirWaybillQueryOptionsDict(TypedDict, total=False):
    """
    Optional fields of `AirWaybillQuery`; None counts as not given.

    Source: schema AirWaybillQuery.
    """

    lang: str | None
    """Language of the events, two letters; see `LanguageCode`."""


class CreateTrackingItemOptionsDict(TypedDict, total=False):
    """
    Optional fields of `CreateTrackingItem`; None counts as not given.

    Source: schema CreateTrackingItem.
    """

    destination_code: str | None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    title: str | None
    """Title of the goods."""

    logistics_channel: str | None
    """Shipping channel, free text."""

    customer_name: str | None
    """Name of the customer."""

    customer_email: str | list[str] | None
    """One e-mail address of the customer."""

    customer_phone: str | list[str] | None
    """Telephone number of the customer, such as `+86123456789`."""

    order_id: str | None
    """Your own order id, such as `#123`."""

    order_create_time: str | None
    """When the order was placed, free text such as `2017/8/27 16:51`, without a time zone."""

    tracking_ship_date: str | None
    """When the parcel was shipped, `YYYYMMDD`; required by some carriers (deutsche-post)."""

    tracking_postal_code: str | None
    """Postal code of the destination; required by some carriers (mondialrelay, postnl-3s)."""

    tracking_account_number: str | None
    """Account number at the carrier; required by some carriers."""

    special_number_destination: str | None
    """Destination country; required by some carriers (postnl-3s). Called `tracking_destination_country` in `createTracking`."""

    lang: str | None
    """Language of the checkpoints, two letters; see `LanguageCode`."""

    auto_correct: int | None
    """1 keeps the given carrier; with any other value the provider may correct it."""

    comment: str | None
    """Comment, free text."""


class CreateTrackingItemDict(CreateTrackingItemOptionsDict):
    """A `CreateTrackingItem` as a dict. Source: schema CreateTrackingItem."""

    tracking_number: Required[models.TrackingNumber]
    """A carrier's tracking number of five or more letters, digits, hyphens or underscores."""

    carrier_code: Required[models.CarrierCode]
    """A carrier's code; in practice lower case."""


class CreateTrackingRequestOptionsDict(TypedDict, total=False):
    """
    Optional fields of `CreateTrackingRequest`; None counts as not given.

    Source: schema CreateTrackingRequest.
    """

    destination_code: str | None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    title: str | None
    """Title of the goods."""

    logistics_channel: str | None
    """Shipping channel, free text."""

    customer_name: str | None
    """Name of the customer."""

    customer_email: str | list[str] | None
    """One e-mail address of the customer."""

    customer_phone: str | list[str] | None
    """Telephone number of the customer, such as `+86123456789`."""

    order_id: str | None
    """Your own order id, such as `#123`."""

    order_create_time: str | None
    """When the order was placed, free text such as `2017/8/27 16:51`, without a time zone."""

    tracking_ship_date: str | None
    """When the parcel was shipped, `YYYYMMDD`; required by some carriers (deutsche-post)."""

    tracking_postal_code: str | None
    """Postal code of the destination; required by some carriers (mondialrelay, postnl-3s)."""

    tracking_account_number: str | None
    """Account number at the carrier; required by some carriers."""

    tracking_destination_country: str | None
    """Destination country; required by some carriers (postnl-3s). Called `specialNumberDestination` in batch and realtime requests."""

    lang: str | None
    """Language of the checkpoints, two letters; see `LanguageCode`."""

    auto_correct: int | None
    """1 keeps the given carrier; with any other value the provider may correct it."""

    comment: str | None
    """Comment, free text."""


class DetectQueryOptionsDict(TypedDict, total=False):
    """
    Optional fields of `DetectQuery`; None counts as not given.

    Source: schema DetectQuery.
    """

    lang: str | None
    """Language of the names, two letters; sent by the official client."""


class PlaceOptionsDict(TypedDict, total=False):
    """
    Optional fields of `Place`; None counts as not given.

    Source: schema Place.
    """

    company: str | None
    """Only this company, such as `DHL`."""


class PlaceDict(PlaceOptionsDict):
    """A `Place` as a dict. Source: schema Place."""

    country: Required[str]
    """English name or two-letter code of the country."""

    postcode: Required[str]
    """Postal code, or the name of the town where there are no postal codes."""


class RealtimeQueryOptionsDict(TypedDict, total=False):
    """
    Optional fields of `RealtimeQuery`; None counts as not given.

    Source: schema RealtimeQuery.
    """

    destination_code: str | None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    tracking_ship_date: str | None
    """When the parcel was shipped, `YYYYMMDD`; required by some carriers."""

    tracking_postal_code: str | None
    """Postal code of the destination; required by some carriers."""

    tracking_account_number: str | None
    """Account number at the carrier; required by some carriers."""

    special_number_destination: str | None
    """Destination country; required by some carriers (postnl-3s)."""

    order: str | None
    """Your own order id; called `order_id` in other operations."""

    order_create_time: str | None
    """When the order was placed, free text without a time zone; returned as sent."""

    lang: str | None
    """Language of the checkpoints, two letters; see `LanguageCode`."""

    auto_correct: int | None
    """1 keeps the given carrier; with any other value the provider may correct it."""

    comment: str | None
    """Comment, free text."""


class RouteDict(TypedDict):
    """A `Route` as a dict. Source: schema Route."""

    carrier_code: models.CarrierCode
    """A carrier's code; in practice lower case."""

    original: str
    """Country of origin, two letters (ISO 3166-1 alpha-2)."""

    destination: str
    """Destination country, two letters (ISO 3166-1 alpha-2)."""


class TrackingKeyDict(TypedDict):
    """A `TrackingKey` as a dict. Source: schema TrackingKey."""

    tracking_number: models.TrackingNumber
    """A carrier's tracking number of five or more letters, digits, hyphens or underscores."""

    carrier_code: models.CarrierCode
    """A carrier's code; in practice lower case."""


class UpdateTrackingItemOptionsDict(TypedDict, total=False):
    """
    Optional fields of `UpdateTrackingItem`; None counts as not given.

    Source: schema UpdateTrackingItem.
    """

    title: str | None
    """Title of the goods."""

    logistics_channel: str | None
    """Shipping channel, free text."""

    customer_name: str | None
    """Name of the customer."""

    customer_email: str | list[str] | None
    """One e-mail address of the customer."""

    order_id: str | None
    """Your own order id."""

    destination_code: str | None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    status: (
        models.SettableStatus
        | models.SettableStatusText
        | Literal[
            "delivered",
            "exception",
            "original",
            4,
            7,
            8,
            models.TrackingStatus.DELIVERED,
            models.TrackingStatus.EXCEPTION,
        ]
        | None
    )
    """Status to set manually, as a number or a string."""

    archived: bool | None
    """A bool, which is sent as text. `"true"` archives the tracking, `"false"` restores it. A string in the reference, not a boolean."""


class UpdateTrackingItemDict(UpdateTrackingItemOptionsDict):
    """A `UpdateTrackingItem` as a dict. Source: schema UpdateTrackingItem."""

    tracking_number: Required[models.TrackingNumber]
    """A carrier's tracking number of five or more letters, digits, hyphens or underscores."""

    carrier_code: Required[models.CarrierCode]
    """A carrier's code; in practice lower case."""


class UpdateTrackingRequestOptionsDict(TypedDict, total=False):
    """
    Optional fields of `UpdateTrackingRequest`; None counts as not given.

    Source: schema UpdateTrackingRequest.
    """

    title: str | None
    """Title of the goods."""

    logistics_channel: str | None
    """Shipping channel, free text."""

    customer_name: str | None
    """Name of the customer."""

    customer_email: str | list[str] | None
    """One e-mail address of the customer."""

    customer_phone: str | list[str] | None
    """Telephone number of the customer, such as `+86123456789`."""

    order_id: str | None
    """Your own order id."""

    destination_code: str | None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    archived: bool | None
    """A bool, which is sent as text. `"true"` archives the tracking, `"false"` restores it. A string in the reference, not a boolean."""

    status: (
        models.SettableStatus
        | models.SettableStatusText
        | Literal[
            "delivered",
            "exception",
            "original",
            4,
            7,
            8,
            models.TrackingStatus.DELIVERED,
            models.TrackingStatus.EXCEPTION,
        ]
        | None
    )
    """Status to set manually, as a number or a string."""


__all__ = [
    "AirWaybillQueryOptionsDict",
    "CreateTrackingItemDict",
    "CreateTrackingItemOptionsDict",
    "CreateTrackingRequestOptionsDict",
    "DetectQueryOptionsDict",
    "PlaceDict",
    "PlaceOptionsDict",
    "RealtimeQueryOptionsDict",
    "RouteDict",
    "TrackingKeyDict",
    "UpdateTrackingItemDict",
    "UpdateTrackingItemOptionsDict",
    "UpdateTrackingRequestOptionsDict",
]
