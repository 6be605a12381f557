"""Options for the filters of lists."""

from datetime import UTC, datetime

import click

from trackingmore_v2.types import FiltersDict
from trackingmore_v2_cli._filters import NAMES, filter_options, filters_of


@click.command()
@filter_options
def show(**values: object) -> object:
    """Return the values."""
    return values


def filters(*arguments: str) -> object:
    """Return the filters of a command line."""
    return filters_of(show.main([*arguments], standalone_mode=False))


def test_each_filter_has_an_option() -> None:
    """Those of `trackings.list()`, and no others."""
    assert (
        {parameter.name for parameter in show.params}
        == {*NAMES}
        == {*FiltersDict.__optional_keys__}
    )


def test_only_given_filters_are_passed() -> None:
    """None is no filter, and an empty tuple would match nothing."""
    assert filters() == {}
    assert filters("--status", "transit", "--status", "PICKUP", "--not-archived") == {
        "status": ("transit", "pickup"),
        "archived": False,
    }


def test_times_are_in_utc() -> None:
    """Unless they have a zone."""
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)

    assert filters("--updated-since", "2026-03-01T12:00") == {"updated_after": noon}
    assert filters("--created-before", "2026-03-01T13:00+01:00") == {"created_before": noon}
