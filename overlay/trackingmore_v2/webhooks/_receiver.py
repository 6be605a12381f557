"""What the ASGI and the WSGI app have in common: settings, and the response to each request."""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hmac import compare_digest
from http import HTTPStatus
from inspect import iscoroutinefunction
from typing import Final, Literal, TypeAlias, TypeGuard, cast

from msgspec import Struct

from trackingmore_v2._config import checked_flag, checked_positive, checked_text
from trackingmore_v2._errors import ConfigurationError, WebhookError, WebhookErrorReason
from trackingmore_v2.webhooks._event import WebhookEvent
from trackingmore_v2.webhooks._log import EventLog, Outcome
from trackingmore_v2.webhooks._parsing import (
    MAX_BODY_SIZE,
    Now,
    checked_emails,
    checked_time,
    parse,
    too_large,
)
from trackingmore_v2.webhooks._processing import AsyncHandler, Handler, logger
from trackingmore_v2.webhooks.logs.memory import MemoryEventLog

AfterTimeout: TypeAlias = Literal["continue", "cancel"]

DEFAULT_TIMEOUT: Final = 5.0
MIN_TOKEN_LENGTH: Final = 16

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~-]+")
"""Characters that need no encoding in a URL."""

_STATUS_OF_REASON: Final[Mapping[WebhookErrorReason, HTTPStatus]] = {
    WebhookErrorReason.MALFORMED: HTTPStatus.BAD_REQUEST,
    WebhookErrorReason.STALE: HTTPStatus.BAD_REQUEST,
    WebhookErrorReason.UNSIGNED: HTTPStatus.UNAUTHORIZED,
    WebhookErrorReason.SIGNATURE_MISMATCH: HTTPStatus.UNAUTHORIZED,
    WebhookErrorReason.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


class Request(Struct, frozen=True, kw_only=True, gc=False):
    """What the response to a request depends on, apart from its body. Missing headers are empty."""

    method: str
    path: str
    """The path below the mount point."""

    authorization: str = ""
    content_length: str = ""
    content_encoding: str = ""


class Response(Struct, frozen=True, gc=False):
    """A response of an app."""

    status: HTTPStatus
    body: bytes
    extra_headers: tuple[tuple[str, str], ...] = ()

    @property
    def status_line(self) -> str:
        """The status and its phrase."""
        return f"{self.status} {self.status.phrase}"

    @property
    def headers(self) -> list[tuple[str, str]]:
        """All headers."""
        length = [("content-length", str(len(self.body)))] if self.body else []
        return [("content-type", "text/plain; charset=utf-8"), *length, *self.extra_headers]


class Receiver:
    """The settings of an app, and the decisions that they make."""

    def __init__(  # noqa: PLR0913 - the settings of an app
        self,
        *,
        account_email: str | Iterable[str] | None,
        max_age: float | None,
        now: Now | None,
        token: str | None,
        basic_auth: tuple[str, str] | None,
        timeout: float,
        after_timeout: AfterTimeout,
        respond_to_get: bool,
    ) -> None:
        self._emails = checked_emails(account_email) or None
        self._max_age = None if max_age is None else checked_positive("max_age", max_age)
        self._now = now if callable(now) or now is None else checked_time("now", now)
        self._token = None if token is None else checked_token(token)
        self._authorization = None if basic_auth is None else _checked_basic_auth(basic_auth)
        self._responds_to_get = checked_flag("respond_to_get", respond_to_get)
        self._continues = _checked_after_timeout(after_timeout) == "continue"
        self.timeout = checked_positive("timeout", timeout)

    def early_response(self, request: Request) -> Response | None:
        """Return the response to a request whose body is not to be read, or None."""
        response = self._early_response(request)
        if response is None or request.method != "HEAD":
            return response
        return Response(response.status, b"", response.extra_headers)

    def _early_response(self, request: Request) -> Response | None:
        if not self._is_authorized(request.authorization):
            return response_of(
                HTTPStatus.UNAUTHORIZED, ("www-authenticate", 'Basic realm="webhooks"')
            )
        if not self._is_expected(request.path):
            return response_of(HTTPStatus.NOT_FOUND)
        if self._responds_to_get and request.method in ("GET", "HEAD"):
            return SUCCESS
        if request.method != "POST":
            allowed = "GET, HEAD, POST" if self._responds_to_get else "POST"
            return response_of(HTTPStatus.METHOD_NOT_ALLOWED, ("allow", allowed))
        if _exceeds_limit(request.content_length):
            return response_of_error(too_large())
        return None

    def _is_authorized(self, authorization: str) -> bool:
        if self._authorization is None:
            return True
        scheme, _, credentials = authorization.strip().partition(" ")
        given = credentials.strip().encode(errors="surrogatepass")
        return scheme.lower() == "basic" and compare_digest(given, self._authorization)

    def _is_expected(self, path: str) -> bool:
        if self._token is None:
            return path in ("", "/")
        return compare_digest(path.encode(errors="surrogatepass"), f"/{self._token}".encode())

    def parse(self, body: bytes, request: Request) -> WebhookEvent:
        """Return the event in the body of a request, or raise what `parse()` raises."""
        coding = request.content_encoding
        return parse(
            body,
            account_email=self._emails,
            max_age=self._max_age,
            now=self._now,
            headers={"content-encoding": coding} if coding else None,
        )

    def is_accepted_unfinished(self) -> bool:
        """Log that a handler exceeds the time limit, and return whether its event is accepted."""
        # It was claimed, so it is in the log, and is handled again after a crash.
        status = HTTPStatus.OK if self._continues else HTTPStatus.INTERNAL_SERVER_ERROR
        logger.warning("handling an event exceeds %g s; responding with %d", self.timeout, status)
        return self._continues


def response_of(status: HTTPStatus, *headers: tuple[str, str]) -> Response:
    """Return the response with a status: its body is only the number on success."""
    body = f"{status}" if status is HTTPStatus.OK else f"{status} {status.phrase}"
    return Response(status, body.encode(), headers)


SUCCESS: Final = response_of(HTTPStatus.OK)
FAILURE: Final = response_of(HTTPStatus.INTERNAL_SERVER_ERROR)


def response_to_outcome(outcome: Outcome) -> Response:
    """Return the response to an event, by what the log said about it."""
    return FAILURE if outcome is Outcome.IN_HAND else SUCCESS


def response_of_error(error: BaseException) -> Response:
    """Return the response to a request that failed, and log why, without anything of the body."""
    if isinstance(error, WebhookError):
        status, cause = _STATUS_OF_REASON[error.reason], error.reason.value
    else:
        status, cause = HTTPStatus.INTERNAL_SERVER_ERROR, type(error).__name__
    logger.warning("webhook rejected with status %d: %s", status, cause)
    return response_of(status)


def note_late_error(error: BaseException) -> None:
    """Log that handling failed after the response was sent."""
    logger.warning("handling failed after the response: %s", type(error).__name__)


def incomplete() -> WebhookError:
    """Return the error for a body whose end was not received."""
    return WebhookError(WebhookErrorReason.MALFORMED, "the body is incomplete")


def checked_token(token: object) -> str:
    """
    Return a token, and check that it is long enough and needs no encoding in a URL.

    Raises:
        ConfigurationError: It is not; it is not quoted, since it is secret.
    """
    text = checked_text("token", token)
    if len(text) < MIN_TOKEN_LENGTH or not _TOKEN.fullmatch(text):
        raise ConfigurationError(
            f"token must have at least {MIN_TOKEN_LENGTH} characters, all of them letters, digits, "
            "or one of -._~; secrets.token_urlsafe() returns such a token"
        )
    return text


def checked_log(log: object) -> EventLog:
    """
    Return a log, which is one in memory for None.

    Raises:
        ConfigurationError: It is no log.
    """
    given = MemoryEventLog() if log is None else log
    if not isinstance(given, EventLog):
        raise ConfigurationError(f"log must be an EventLog, not {type(given).__name__}")
    return given


def is_coroutine_function(
    handler: Handler | AsyncHandler,
) -> TypeGuard[AsyncHandler]:
    """Return whether a function, or an object that can be called, has to be awaited."""
    call: object = getattr(handler, "__call__", None)  # noqa: B004 - not whether it can be called
    return iscoroutinefunction(handler) or iscoroutinefunction(call)


def _checked_basic_auth(basic_auth: object) -> bytes:
    """Return the credentials as a request has them."""
    pair = cast("tuple[object, ...]", basic_auth) if isinstance(basic_auth, tuple) else ()
    if len(pair) != 2:  # noqa: PLR2004 - a pair
        raise ConfigurationError("basic_auth must be a tuple of a user name and a password")
    user, password = (checked_text("basic_auth", part) for part in pair)
    if ":" in user:
        raise ConfigurationError("the user name in basic_auth must not contain a colon")
    return b64encode(f"{user}:{password}".encode())


def _checked_after_timeout(value: object) -> object:
    if value not in ("continue", "cancel"):
        raise ConfigurationError(f'after_timeout must be "continue" or "cancel", not {value!r}')
    return value


def _exceeds_limit(content_length: str) -> bool:
    """Return whether a header announces too many bytes; a number may have any number of digits."""
    digits = content_length.strip().lstrip("0")
    return digits.isdecimal() and (
        len(digits) > len(str(MAX_BODY_SIZE)) or int(digits) > MAX_BODY_SIZE
    )
