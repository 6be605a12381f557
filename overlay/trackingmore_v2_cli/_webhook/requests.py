"""A request of a webhook as it came, and the file in which it is kept."""

import os
import re
from collections.abc import Iterable
from datetime import datetime
from http.client import HTTPException, parse_headers
from io import BytesIO
from pathlib import Path
from typing import Final

from msgspec import Struct

SUFFIX: Final = ".http"

_FOLD: Final = re.compile(r"\r?\n[ \t]+")
_OF_CONNECTION: Final = frozenset(
    {
        *("connection", "content-length", "expect", "host", "keep-alive", "proxy-authenticate"),
        *("proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
"""Headers that belong to one connection, and are not passed on."""


class WebhookRequest(Struct, frozen=True, kw_only=True):
    """A request as it came."""

    path: str = "/"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def passed_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers without those of the connection, for another request with the body."""
        return [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in self.headers
            if name.lower() not in _OF_CONNECTION
        ]


def unfolded(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return headers whose values are in one line each."""
    return tuple((name, _FOLD.sub(" ", value).strip()) for name, value in headers)


def to_message(request: WebhookRequest) -> bytes:
    """Return a request as an HTTP message, which an editor can show."""
    lines = [f"POST {request.path} HTTP/1.1", *(f"{name}: {v}" for name, v in request.headers)]
    head = "".join(f"{line}\r\n" for line in lines)
    return head.encode("latin-1") + b"\r\n" + request.body


def from_message(content: bytes) -> WebhookRequest:
    """
    Return the request of an HTTP message. An editor may have changed its line ends.

    Raises:
        ValueError: It is no such message.
    """
    stream = BytesIO(content)
    method, _, rest = stream.readline().decode("latin-1").strip().partition(" ")
    path, _, version = rest.rpartition(" ")
    if method != "POST" or not path.startswith("/") or not version.startswith("HTTP/"):
        raise ValueError("it is no kept webhook, which begins with POST /path HTTP/1.1")
    try:
        headers = parse_headers(stream)
    except HTTPException as error:
        raise ValueError("its headers cannot be read") from error
    return WebhookRequest(path=path, headers=unfolded(headers.items()), body=stream.read())


def keep(request: WebhookRequest, folder: Path, at: datetime, number: int) -> Path:
    """
    Write a request to a new file, which only its owner can read, since it has personal data.

    Args:
        request: The request.
        folder: The folder, which is created if it is missing.
        at: When it was received.
        number: Its number.

    Returns:
        The path of the file.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{at:%Y%m%d-%H%M%S-%f}-{number}{SUFFIX}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(to_message(request))
    except OSError:  # A part of a request would be replayed like a whole one.
        path.unlink()
        raise
    return path


_BINARY: Final = getattr(os, "O_BINARY", 0)  # Windows would change line ends.
