"""Options for the details of a tracking."""

from datetime import UTC, datetime

from trackingmore_v2_api.options import (
    CreateTrackingRequestOptionsDict,
    UpdateTrackingRequestOptionsDict,
)
from trackingmore_v2_cli._carrier_details import CarrierDetails
from trackingmore_v2_cli._details import CREATE_DETAILS, UPDATE_DETAILS
from trackingmore_v2_cli.commands.create import create
from trackingmore_v2_cli.commands.update import update

ALL_CARRIER_DETAILS = CarrierDetails("59650", datetime(2026, 3, 1, tzinfo=UTC), "A1", "NL")


def test_create_has_an_option_for_each_field_of_the_contract() -> None:
    """`auto_correct` is the flag `--keep-carrier`, which says what it does."""
    options = {parameter.name for parameter in create.params}
    fields = {*CreateTrackingRequestOptionsDict.__optional_keys__}

    assert fields == {*CREATE_DETAILS, *ALL_CARRIER_DETAILS.for_create(), "auto_correct"}
    assert {*CREATE_DETAILS, *CarrierDetails._fields, "keep_carrier"} <= options


def test_update_has_an_option_for_each_field_of_the_contract() -> None:
    """`archived` is a command of its own."""
    options = {parameter.name for parameter in update.params}
    fields = {*UpdateTrackingRequestOptionsDict.__optional_keys__}

    assert fields == {*UPDATE_DETAILS, "status", "archived"}
    assert {*UPDATE_DETAILS, "status"} <= options
