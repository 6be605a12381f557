# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""
The optional fields of request bodies as keyword arguments.

    def create(carrier_code: str, **options: Unpack[CreateTrackingRequestOptionsDict]) -> ...
"""

from typing import TypedDict

from . import models


class AirWaybillQueryOptionsDict(TypedDict, total=False):
    """Optional fields of `AirWaybillQuery`."""

    lang: str | None
    """Language of the events, two letters; see `LanguageCode`."""


class CreateTrackingItemOptionsDict(TypedDict, total=False):
    """Optional fields of `CreateTrackingItem`."""

    destination_code: str | None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    title: str | None
    """Title of the goods."""

    logistics_channel: str | None
    """Shipping channel, free text."""

    customer_name: str | None
    """Name of the customer."""

    customer_email: str | None
    """One e-mail address of the customer."""

    customer_phone: str | None
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


class CreateTrackingRequestOptionsDict(TypedDict, total=False):
    """Optional fields of `CreateTrackingRequest`."""

    destination_code: str | None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    title: str | None
    """Title of the goods."""

    logistics_channel: str | None
    """Shipping channel, free text."""

    customer_name: str | None
    """Name of the customer."""

    customer_email: str | None
    """One e-mail address of the customer."""

    customer_phone: str | None
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
    """Optional fields of `DetectQuery`."""

    lang: str | None
    """Language of the names, two letters; sent by the official client."""


class PlaceOptionsDict(TypedDict, total=False):
    """Optional fields of `Place`."""

    company: str | None
    """Only this company, such as `DHL`."""


class RealtimeQueryOptionsDict(TypedDict, total=False):
    """Optional fields of `RealtimeQuery`."""

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


class UpdateTrackingItemOptionsDict(TypedDict, total=False):
    """Optional fields of `UpdateTrackingItem`."""

    title: str | None
    """Title of the goods."""

    logistics_channel: str | None
    """Shipping channel, free text."""

    customer_name: str | None
    """Name of the customer."""

    customer_email: str | None
    """One e-mail address of the customer."""

    order_id: str | None
    """Your own order id."""

    destination_code: str | None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    status: models.SettableStatus | models.SettableStatusText | None
    """Status to set manually, as a number or a string."""

    archived: models.ArchivedText | None
    """`"true"` archives the tracking, `"false"` restores it. A string, not a boolean."""


class UpdateTrackingRequestOptionsDict(TypedDict, total=False):
    """Optional fields of `UpdateTrackingRequest`."""

    title: str | None
    """Title of the goods."""

    logistics_channel: str | None
    """Shipping channel, free text."""

    customer_name: str | None
    """Name of the customer."""

    customer_email: str | None
    """One e-mail address of the customer."""

    customer_phone: str | None
    """Telephone number of the customer, such as `+86123456789`."""

    order_id: str | None
    """Your own order id."""

    destination_code: str | None
    """Destination country, two letters of either case (ISO 3166-1 alpha-2)."""

    archived: models.ArchivedText | None
    """`"true"` archives the tracking, `"false"` restores it. A string, not a boolean."""

    status: models.SettableStatus | models.SettableStatusText | None
    """Status to set manually, as a number or a string."""
