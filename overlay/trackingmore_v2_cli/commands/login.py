"""The command `trackingmore-v2 login`."""

import os
import sys
from typing import TYPE_CHECKING, Final

import click

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._client_errors import sentence_of
from trackingmore_v2_cli._command import Command, command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.text import clean
from trackingmore_v2_cli._rate_limit import shared_limiter
from trackingmore_v2_cli._secrets import looks_like_key, mask
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus, status_of
from trackingmore_v2_cli._streams import is_terminal

if TYPE_CHECKING:
    from trackingmore_v2 import Hooks
    from trackingmore_v2_cli._profiles.changes import Target
    from trackingmore_v2_cli._profiles.settings import StoreName

_EXAMPLES: Final = (
    "trackingmore-v2 login",
    "trackingmore-v2 login --profile work --store file - < key.txt",
    "trackingmore-v2 login --profile sandbox --base-url http://127.0.0.1:8642/v2",
)


class LoginCommand(Command):
    """A command that rejects a key among its arguments, without printing it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, unless one of them looks like a key."""
        if any(looks_like_key(word) for each in args for word in each.split("=")):
            raise _key_in_arguments()
        return super().parse_args(ctx, args)


def _key_in_arguments() -> CommandError:
    return CommandError(
        "a key is not accepted as an argument, since `ps` and the history of the shell show it. "
        "Pass - to read it from standard input, or nothing to be asked for it. If this was a real "
        "key, replace it",
        ExitStatus.USAGE,
    )


def _only_hyphen(
    _context: click.Context, _argument: click.Parameter, words: tuple[str, ...]
) -> bool:
    if words not in {(), ("-",)}:
        raise _key_in_arguments()
    return bool(words)


@command(records=False, api=False, examples=_EXAMPLES, name="login", cls=LoginCommand)
@click.argument("reads_input", metavar="[-]", nargs=-1, callback=_only_hyphen)
@click.option(
    "--profile", "name", metavar="NAME", help="Name of the profile. Default: that in use."
)
@click.option(
    "--store",
    type=click.Choice(["keyring", "file"]),
    help="Store the key in the system's keyring, or in a file that only you can read."
    " Default: that of the profile, or the keyring.",
)
@click.option(
    "--base-url",
    "url",
    metavar="URL",
    help="The only server that the key is sent to. Default: that of the profile, or of"
    " TRACKINGMORE_BASE_URL, or the live API.",
)
@click.option("--no-check", is_flag=True, help="Store the key without sending a request.")
def login(  # noqa: PLR0913 - each is an option
    session: Session,
    *,
    reads_input: bool,
    name: str | None,
    store: "StoreName | None",
    url: str | None,
    no_check: bool,
) -> None:
    """
    Store an API key.

    The key is asked for without showing it, or read from standard input with -. A free request
    checks it. On Windows, the file of --store file is as private as your user folder.

    A profile is a key with its server. The first one is in use; use another by --profile NAME, or
    for all commands by "trackingmore-v2 config use NAME". A key in TRACKINGMORE_API_KEY has
    precedence over the profile in use, and needs no login.
    """
    from trackingmore_v2_cli._credentials import check_key  # noqa: PLC0415 - slow to import
    from trackingmore_v2_cli._profiles.changes import find_target, store_key  # noqa: PLC0415

    target = find_target(name, store, url)
    target.key()  # A keyring that does not respond is reported before the user types.
    key = check_key(_read_key() if reads_input else _ask_for_key(target), "the input")
    left = _check(target, key, session.hooks, sends=not no_check)
    store_key(target, key)
    session.out.note(
        f"Stored the key {mask(key)} for {target.server} in {target.key_store.place}, as profile "
        f"{target.profile}.{left}"
    )
    if text := _precedence(target.profile):
        session.out.note(text)


def _precedence(profile: str) -> str:
    """Return what commands without --profile use in place of a profile; empty if they use it."""
    from trackingmore_v2_cli._profiles.choice import choose_profile  # noqa: PLC0415 - slow to import
    from trackingmore_v2_cli._profiles.settings import read_settings  # noqa: PLC0415

    if os.environ.get(_variables.KEY):
        return f"The variable {_variables.KEY} is set, and has precedence."
    used = choose_profile(None, read_settings())
    if used.name == profile:
        return ""
    if not used.is_explicit:
        change = f"to change that, run: trackingmore-v2 config use {profile}"
        return f"Profile {used.name} is still in use; {change}"
    return f"Profile {used.name} is still in use, by {used.source}."


def _read_key() -> str:
    """Return the first line of standard input, which may not end."""
    return sys.stdin.readline().strip()


def _ask_for_key(target: "Target") -> str:
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise CommandError(
            "there is no terminal to ask for the key; pass - to read it from standard input",
            ExitStatus.USAGE,
        )
    question = clean(f"API key of profile {target.profile}, for {target.server}")
    answer: str = click.prompt(question, hide_input=True, err=True)
    return answer.strip()


def _check(target: "Target", key: str, hooks: "Hooks | None", *, sends: bool) -> str:
    """Check a key with a free request, and return what is left of its quota, as a sentence."""
    from trackingmore_v2 import TrackingMore, TrackingMoreError  # noqa: PLC0415 - slow to import
    from trackingmore_v2_api import BASE_URL  # noqa: PLC0415

    try:
        url = target.base_url or BASE_URL
        limiter = shared_limiter(url)
        with TrackingMore(key, base_url=url, hooks=hooks, limiter=limiter) as client:
            account = client.account.get() if sends else None
    except TrackingMoreError as error:
        hint = "" if isinstance(error, ValueError) else "; --no-check stores a key without a check"
        raise CommandError(
            f"{sentence_of(error).removesuffix('.')}; the key was not stored{hint}",
            status_of(type(error)),
        ) from None
    return "" if account is None else f" Quota left: {account.track_number}."
