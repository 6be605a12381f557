"""The sandbox that a command means: the one that runs, or the one of its options."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._credentials import SANDBOX_KEY
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._sandbox.registry import RunningSandbox, find_running
from trackingmore_v2_cli._statuses import ExitStatus

START: Final = "start one: trackingmore-v2 sandbox"


def api_key() -> str:
    """
    Return the key whose account a command means.

    Raises:
        CommandError: The variable has no key that a sandbox accepts.
    """
    key = os.environ.get(_variables.KEY) or SANDBOX_KEY
    try:
        UUID(key)
    except ValueError:
        raise CommandError(
            f"the key in {_variables.KEY} is no UUID, as a sandbox expects", ExitStatus.KEY
        ) from None
    return key


def find_sandbox(url: str | None, token_file: Path | None) -> RunningSandbox:
    """
    Return the sandbox that a command means.

    Args:
        url: Its URL, or its port on this machine. Default: the only one that runs.
        token_file: File with the token. Default: that of the variable, or of the running sandbox.

    Raises:
        CommandError: None runs, or several do, or there is no token for the URL.
    """
    running = find_running()
    token = _given_token(token_file)
    if url is None:
        return choose(running, os.environ.get(_variables.BASE_URL))
    base_url = normalize(url)
    known = next((each for each in running if _place(each.base_url) == _place(base_url)), None)
    if token:
        return RunningSandbox(base_url=base_url, token=token)
    if known:
        return known
    raise CommandError(
        f"no sandbox of this user runs at {base_url}; {START}; for one of another user or machine, "
        f"set {_variables.SANDBOX_TOKEN} or pass --admin-token-file",
        ExitStatus.TRANSPORT,
    )


def choose(running: Sequence[RunningSandbox], base_url: str | None) -> RunningSandbox:
    """
    Return the sandbox to use if the command names none.

    Args:
        running: The sandboxes that run.
        base_url: The server of the other commands, which decides between several. Default: None.

    Raises:
        CommandError: None runs, or several do.
    """
    if not running:
        raise CommandError(f"no sandbox runs; {START}", ExitStatus.TRANSPORT)
    if len(running) == 1:
        return running[0]
    for each in running:
        if base_url and _place(each.base_url) == _place(base_url):
            return each
    urls = ", ".join(each.base_url for each in running)
    raise CommandError(
        f"several sandboxes run; pass --url, or set {_variables.SANDBOX_URL}, with one of {urls}",
        ExitStatus.USAGE,
    )


def normalize(url: str) -> str:
    """
    Return the base URL for a URL of a sandbox, or for its port.

    Raises:
        CommandError: It is neither, or the token would be sent through networks in clear.
    """
    parts = urlsplit(f"http://127.0.0.1:{url}" if url.isdecimal() else url)
    try:
        is_url = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # The port is out of range.
        is_url = False
    if not is_url or parts.username:
        raise CommandError(
            f"{url!r} is no URL of a sandbox, such as http://127.0.0.1:8642/v2, and no port",
            ExitStatus.USAGE,
        )
    _require_secure(parts.scheme, parts.hostname or "", url)
    return f"{parts.scheme}://{parts.netloc}/v2"


def _require_secure(scheme: str, host: str, url: str) -> None:
    from trackingmore_v2._hosts import is_loopback, is_private  # noqa: PLC0415 - slow to import

    if scheme == "http" and not (is_loopback(host) or is_private(host)):
        raise CommandError(
            f"{url}: the token would be sent without encryption; use https://, or a host of this "
            "machine or of a private network",
            ExitStatus.USAGE,
        )


def _place(url: str) -> tuple[str, int | None]:
    """Return what distinguishes servers; `localhost` and 127.0.0.1 are the same."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return ("127.0.0.1" if host == "localhost" else host), parts.port


def _given_token(token_file: Path | None) -> str | None:
    if token_file:
        token = token_file.read_text(encoding="utf-8", errors="replace").strip()
    else:
        token = os.environ.get(_variables.SANDBOX_TOKEN, "")
    if not (token.isascii() and token.isprintable()):
        place = token_file or _variables.SANDBOX_TOKEN
        raise CommandError(f"what {place} contains is no token", ExitStatus.KEY)
    return token or None
