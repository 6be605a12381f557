"""One line on standard error for each request of the API."""

import os
import select
import sys
from typing import Final

from trackingmore_v2_sandbox.admin.views import ExchangeView
from trackingmore_v2_sandbox.hints.hint import printable
from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord

_MAX_BYTES: Final = 4096
"""Maximum length of a line. So much fits into a pipe that is ready for writing."""

_STANDARD_ERROR: Final = 2


def request_line(exchange: ExchangeRecord | ExchangeView) -> str:
    """
    Return method, path, HTTP status and meta code, and what is wrong with the request.

    The line has neither the query nor values of the body, which can be personal data.
    """
    parts = [exchange.method, exchange.path, str(exchange.status), str(exchange.code or "-")]
    if exchange.fault:
        parts.append(f"fault {exchange.fault}")
    line = " ".join(parts)
    hints = "; ".join(f"{hint.pointer}: expected {hint.expected}" for hint in exchange.hints)
    return printable(f"{line}  {hints}" if hints else line)


def print_request(exchange: ExchangeRecord) -> None:
    """Print the line of a request, unless standard error is a full pipe."""
    line = request_line(exchange).encode()[: _MAX_BYTES - 1] + b"\n"
    if _is_writable():
        os.write(_STANDARD_ERROR, line)


def _is_writable() -> bool:
    # A program that starts the sandbox may never read this pipe; a write would then wait forever.
    # On Windows, `select` takes sockets only.
    return sys.platform == "win32" or bool(select.select([], [_STANDARD_ERROR], [], 0)[1])
