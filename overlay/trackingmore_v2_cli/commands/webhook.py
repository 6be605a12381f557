"""The commands `trackingmore-v2 webhook listen`, `replay` and `sign`."""

import click

from trackingmore_v2_cli._webhook.listen import listen
from trackingmore_v2_cli._webhook.replay import replay
from trackingmore_v2_cli._webhook.sign import sign


@click.group(commands=(listen, replay, sign))
def webhook() -> None:
    """
    Receive, sign and replay webhooks.

    Version 2 of the API signs only the time and the address of the account. Nothing of the body is
    signed, so a webhook is a hint: read the tracking from the API before you act on it.
    """
