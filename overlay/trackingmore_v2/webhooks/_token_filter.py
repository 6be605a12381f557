"""A filter that keeps a token in a URL out of access logs."""

import copy
import logging
import re
from collections.abc import MutableMapping
from typing import Any, Final, cast

from trackingmore_v2.webhooks._receiver import checked_token

_HIDDEN: Final = "***"


class TokenFilter(logging.Filter):
    """
    A filter that replaces a token in the records of access logs, and drops no record.

        logging.getLogger("uvicorn.access").addFilter(TokenFilter(token))

    Other loggers of URLs: `gunicorn.access`, `gunicorn.error`, `hypercorn.access`, `django.server`,
    `django.request`, `werkzeug` and `app.logger` of Flask, and `uvicorn.error` for websockets. Add
    it to their handlers if they have loggers below them.

    Args:
        token: The token.

    Raises:
        ConfigurationError: The token is invalid.
    """

    def __init__(self, token: str) -> None:
        super().__init__()
        # Each character may be percent-encoded, in paths of requests more than once.
        characters = (f"(?:{re.escape(c)}|%(?:25)*(?i:{ord(c):02x}))" for c in checked_token(token))
        self._token = re.compile("".join(characters))

    def filter(self, record: logging.LogRecord) -> bool:
        """
        Replace the token in the message of a record and in its arguments.

        Args:
            record: The record.

        Returns:
            True.
        """
        record.msg = self._without_token(record.msg)
        # Formatters of access logs read the arguments, so they are not merged into the message.
        record.args = self._arguments_without_token(record.args)
        self._replace_in_message(record)
        return True

    def _without_token(self, value: Any) -> Any:  # noqa: ANN401 - arguments may be anything
        """Return a value, or its text without the token if that contains it."""
        try:
            text, found = self._token.subn(_HIDDEN, value if isinstance(value, str) else str(value))
        except Exception:  # noqa: BLE001 - logging reports what cannot be formatted
            return value
        return text if found else value

    def _arguments_without_token(self, args: object) -> Any:  # noqa: ANN401 - as in the record
        if isinstance(args, tuple):
            return tuple(map(self._without_token, cast("tuple[object, ...]", args)))
        if not isinstance(args, MutableMapping):
            return args
        # Servers have types of their own, with a default for any name.
        arguments = copy.copy(cast("MutableMapping[object, object]", args))
        for name, value in list(arguments.items()):
            arguments[name] = self._without_token(value)
        return arguments

    def _replace_in_message(self, record: logging.LogRecord) -> None:
        """Format a record whose message and arguments contain parts of the token."""
        try:
            text, found = self._token.subn(_HIDDEN, record.getMessage())
        except Exception:  # noqa: BLE001 - logging reports what cannot be formatted
            return
        if found:
            record.msg, record.args = text, ()
