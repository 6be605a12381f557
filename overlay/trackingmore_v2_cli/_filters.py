"""The filters of `trackings.list()` as options, which several commands share."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import click

from trackingmore_v2_cli._options import STATUS, lang_option
from trackingmore_v2_cli._times import Time

if TYPE_CHECKING:
    from trackingmore_v2.types import FiltersDict

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def _time(*names: str, help: str) -> Any:  # noqa: A002, ANN401 - click's name and type
    return click.option(*names, type=Time(), help=help)


def _several(name: str, field: str, metavar: str, what: str) -> Any:  # noqa: ANN401 - click's
    text = f"Only this {what}. May be given multiple times."
    return click.option(name, field, metavar=metavar, multiple=True, help=text)


_WINDOW: Final = (
    _time("--created-after", help="Created at this time or later."),
    _time("--created-before", help="Created at this time or earlier."),
    _time("--ordered-after", help="Ordered at this time or later."),
    _time("--ordered-before", help="Ordered at this time or earlier."),
)
_OPTIONS: Final = (
    click.option(
        "--status",
        type=STATUS,
        metavar="STATUS",
        multiple=True,
        help=f"Only this status, one of {', '.join(STATUS.choices)}. May be given multiple times.",
    ),
    _several("--number", "numbers", "NUMBER", "tracking number"),
    _several("--order", "orders", "ID", "order id"),
    *_WINDOW,
    _time(
        *("--updated-after", "--updated-since", "updated_after"),
        help="Refreshed by the provider at this time or later.",
    ),
    _time("--updated-before", help="Refreshed by the provider at this time or earlier."),
    click.option(
        "--archived/--not-archived", default=None, help="Only archived ones, or only the others."
    ),
    lang_option,
)
NAMES: Final = (
    *("status", "numbers", "orders", "created_after", "created_before"),
    *("ordered_after", "ordered_before", "updated_after", "updated_before", "archived", "lang"),
)
"""The filters, as a command gets them. A test compares them with those of `trackings.list()`."""


def filter_options(command: CommandT) -> CommandT:
    """Add the options of the filters to the function of a command, which gets their values."""
    return reduce(lambda wrapped, option: option(wrapped), reversed(_OPTIONS), command)


def window_options(command: CommandT) -> CommandT:
    """Add the filters by the times of creation and order to the function of a command."""
    return reduce(lambda wrapped, option: option(wrapped), reversed(_WINDOW), command)


def filters_of(values: Mapping[str, Any]) -> "FiltersDict":
    """Return the filters that options set, from the values of all options of a command."""
    given = {name: values[name] for name in NAMES if values[name] not in (None, ())}
    return cast("FiltersDict", given)
