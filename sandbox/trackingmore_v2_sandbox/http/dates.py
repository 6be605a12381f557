"""The `Date` header, which uvicorn would set by the machine's clock."""

from collections.abc import Awaitable, Callable
from email.utils import formatdate
from functools import lru_cache
from typing import Final

from starlette.types import Message, Send

NAME: Final = "Date"
_NAME: Final = NAME.lower().encode()


def date_value(seconds: float) -> str:
    """Return a time in Unix seconds as the value of a `Date` header."""
    return _format(int(seconds))


def with_date(send: Send, now: Callable[[], float]) -> Send:
    """
    Return an ASGI `send` that adds a `Date` header to a response without one.

    Args:
        send: The `send` of a request.
        now: Returns the time in Unix seconds.
    """

    # Not `async def`: that would add a coroutine to every message.
    def send_dated(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            if not any(name == _NAME for name, _ in headers):
                headers.append((_NAME, date_value(now()).encode()))
            message = {**message, "headers": headers}
        return send(message)

    return send_dated


# Most consecutive responses are sent in the same second.
@lru_cache(maxsize=16)
def _format(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)
