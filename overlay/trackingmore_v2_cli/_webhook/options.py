"""Options that the commands for webhooks share."""

from typing import Final
from urllib.parse import urlsplit

import click

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._options import option_of

setting: Final = option_of(_variables.WEBHOOK_PREFIX)
"""Options that variables such as TRACKINGMORE_WEBHOOK_EMAIL can set as well."""


def checked_url(_context: click.Context, _option: click.Parameter, url: str | None) -> str | None:
    """Return a URL, and check that requests can be sent to it."""
    try:
        parts = urlsplit(url or "http://localhost")
        is_url = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # The port is out of range.
        is_url = False
    if not is_url:
        raise click.BadParameter(f"{url!r} is no URL, such as http://localhost:8000/webhooks")
    return url
