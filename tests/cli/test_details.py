"""Options for the details of a tracking."""

from trackingmore_v2_api.options import (
    CreateTrackingRequestOptionsDict,
    UpdateTrackingRequestOptionsDict,
)
from trackingmore_v2_cli._details import CREATE_DETAILS, UPDATE_DETAILS
from trackingmore_v2_cli.commands.create import create
from trackingmore_v2_cli.commands.update import update


def test_create_has_an_option_for_each_field_of_the_contract() -> None:
    """`auto_correct` is the flag `--keep-carrier`, which says what it does."""
    options = {parameter.name for parameter in create.params}
    fields = {*CreateTrackingRequestOptionsDict.__optional_keys__}

    assert fields == {*CREATE_DETAILS, "auto_correct"}
    assert {*CREATE_DETAILS, "keep_carrier"} <= options


def test_update_has_an_option_for_each_field_of_the_contract() -> None:
    """`archived` is a command of its own."""
    options = {parameter.name for parameter in update.params}
    fields = {*UpdateTrackingRequestOptionsDict.__optional_keys__}

    assert fields == {*UPDATE_DETAILS, "status", "archived"}
    assert {*UPDATE_DETAILS, "status"} <= options
