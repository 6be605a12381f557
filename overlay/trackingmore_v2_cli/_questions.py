"""Questions before something is done that costs, deletes or replaces."""

import sys
from shutil import get_terminal_size
from textwrap import fill

import click

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.text import clean
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._streams import discard_input, is_terminal


def can_ask() -> bool:
    """Return whether there is a terminal on both ends."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def says_yes(question: str) -> bool:
    """Return whether the user says yes, by what is typed after the question."""
    discard_input(sys.stdin)
    return click.confirm(question, err=True)


def ask(action: str, account: str) -> None:
    """
    Ask whether to do something.

    Args:
        action: What will be done, such as "delete 3 trackings".
        account: The account, as a phrase.

    Raises:
        CommandError: There is no terminal to ask on, or the user said no. Nothing was sent.
    """
    if not can_ask():
        raise CommandError(
            f"this would {action} ({account}); without a terminal to ask on, pass --yes. "
            "Nothing was sent",
            ExitStatus.USAGE,
        )
    click.echo(_wrapped(f"This will {clean(action)}"), err=True)
    click.echo(_wrapped(f"({clean(account)})."), err=True)
    if not says_yes("Continue?"):
        raise CommandError("stopped; nothing was sent", ExitStatus.REJECTED)


def _wrapped(text: str) -> str:
    """Return a text in lines that fit the terminal, broken between words."""
    columns = get_terminal_size().columns
    return fill(text, columns, break_long_words=False, break_on_hyphens=False)
