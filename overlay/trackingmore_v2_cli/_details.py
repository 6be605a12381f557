"""Options for the details of a tracking. A test compares them with the contract."""

from collections.abc import Mapping
from typing import Any, Final

import click

from trackingmore_v2_cli._options import LANG_HELP, Decorator, not_blank

_SHARED: Final = {
    "title": "Title of the goods.",
    "order_id": "Your own order id.",
    "customer_name": "Name of the customer.",
    "customer_email": "E-mail address of the customer.",
    "customer_phone": "Telephone number of the customer.",
    "destination_code": "Destination country, two letters.",
    "logistics_channel": "Shipping channel.",
}
CREATE_DETAILS: Final = {
    **_SHARED,
    "order_create_time": "When the order was placed, such as 2017/8/27 16:51.",
    "comment": "Comment.",
    "lang": LANG_HELP,
}
UPDATE_DETAILS: Final = _SHARED
"""Help on the options by the field that each sets."""

_CODES: Final = ("destination_code", "lang")


def detail_options(details: dict[str, str]) -> Decorator:
    """Return a decorator for an option for each field."""

    def decorate(function: Any) -> Any:  # noqa: ANN401 - click's
        for field, text in reversed(details.items()):
            name = f"--{field.replace('_', '-')}"
            metavar = "CODE" if field in _CODES else "TEXT"
            option = click.option(name, field, metavar=metavar, callback=not_blank, help=text)
            function = option(function)
        return function

    return decorate


def given(details: Mapping[str, str | None]) -> dict[str, str]:
    """Return the details that were given."""
    return {field: value for field, value in details.items() if value is not None}
