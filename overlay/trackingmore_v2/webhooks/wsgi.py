"""
A WSGI app that receives webhooks.

    from trackingmore_v2.webhooks.wsgi import WebhookApp

    def handle(event):
        ...

    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/webhooks": WebhookApp(handle, token="…")})
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from threading import TIMEOUT_MAX, Event, Thread
from typing import Any, Final, TypeAlias

from trackingmore_v2._config import checked_function
from trackingmore_v2._errors import ConfigurationError, EventLogUnavailable
from trackingmore_v2.webhooks._event import WebhookEvent
from trackingmore_v2.webhooks._log import Claim, EventLog, Outcome
from trackingmore_v2.webhooks._parsing import MAX_BODY_SIZE, Now
from trackingmore_v2.webhooks._processing import Handler, claim_or_note, handle
from trackingmore_v2.webhooks._receiver import (
    DEFAULT_TIMEOUT,
    FAILURE,
    SUCCESS,
    AfterTimeout,
    Receiver,
    Request,
    Response,
    checked_log,
    incomplete,
    is_coroutine_function,
    note_late_error,
    response_of_error,
    response_to_outcome,
)

_Environ: TypeAlias = dict[str, Any]
_StartResponse: TypeAlias = Callable[[str, list[tuple[str, str]]], object]

_PART_SIZE: Final = 2**16
"""Bytes that are read at once."""


class WebhookApp:
    """
    A WSGI app that receives webhooks, handles each event once, and responds.

    Call `handle_pending()` when the server starts, and now and then.

    Responses: 200 if the event was handled now or before, or is older than one that was; 400
    if the body is malformed, or too old for `max_age`; 401 if it is not signed with `account_email`
    or the credentials are wrong; 404 for other paths; 405 for other methods; 413 for a body of more
    than 1 MiB; 500 if the handler failed, the event is in hand elsewhere, or the log is
    unavailable.

    Args:
        handler: Called with each event, in a thread. If it raises an exception, the sender is
            expected to retry.
        log: The log of events. Default: in memory, which forgets them when the process ends.
        account_email: E-mail address of the account, or the addresses of several accounts; see
            `parse()`. Default: the signature is not checked.
        max_age: Maximum seconds between the time of sending and now. Default: no maximum; an old
            event has `is_stale`, and `confirm()` reads its tracking.
        now: The time, or a function that returns it. Default: the clock of this host.
        token: Secret last part of the URL: the path below the mount point must be `/<token>`. At
            least 16 characters. `TokenFilter` keeps it out of logs. Default: that path must be `/`
            or empty.
        basic_auth: User name and password that requests must have. Default: none.
        timeout: Seconds that the handler has until the response is sent. Default: 5.
        after_timeout: "continue": the response is 200, and the handler continues; the event is in
            the log, so if the handler fails or is killed, the event is pending. "cancel": the
            response is 500, so that the sender retries it. A thread cannot be cancelled; it is
            recorded how it ends. With both, the `lease` of the log must exceed the time that the
            handler takes, or the event may be handled twice; and the number of handlers that
            continue has no limit, so their own requests need a timeout. Default: "continue".
        respond_to_get: Whether GET and HEAD are responded to with 200, for dashboards that check
            the URL. Default: False.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    def __init__(  # noqa: PLR0913 - the settings
        self,
        handler: Handler,
        *,
        log: EventLog | None = None,
        account_email: str | Iterable[str] | None = None,
        max_age: float | None = None,
        now: Now | None = None,
        token: str | None = None,
        basic_auth: tuple[str, str] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        after_timeout: AfterTimeout = "continue",
        respond_to_get: bool = False,
    ) -> None:
        self._handler = _plain(checked_function("handler", handler))
        self._log = checked_log(log)
        self._receiver = Receiver(
            account_email=account_email,
            max_age=max_age,
            now=now,
            token=token,
            basic_auth=basic_auth,
            timeout=timeout,
            after_timeout=after_timeout,
            respond_to_get=respond_to_get,
        )

    def __call__(self, environ: _Environ, start_response: _StartResponse) -> Iterable[bytes]:
        """Respond to a request, as WSGI defines it."""
        response = self._response(_request(environ), environ)
        start_response(response.status_line, response.headers)
        return [response.body]

    def handle_pending(self) -> int:
        """
        Handle the events of the log that are neither done nor in hand, without a time limit.

        An event whose handler fails remains pending.

        Returns:
            How many were handled.

        Raises:
            EventLogUnavailable: The store of the log cannot be reached.
        """
        handled = 0
        for claim in self._log.pending():
            try:
                handle(claim, self._handler, self._log)
                handled += 1
            except EventLogUnavailable:
                raise
            except (Exception, SystemExit):  # noqa: BLE001, S110 - logged, and remains pending
                pass
        return handled

    def _response(self, request: Request, environ: _Environ) -> Response:
        response = self._receiver.early_response(request)
        if response is not None:
            return response
        try:
            return self._process(self._receiver.parse(_read(environ), request))
        except Exception as error:  # noqa: BLE001 - `now` and the log may raise any
            return response_of_error(error)

    def _process(self, event: WebhookEvent) -> Response:
        """Handle an event, and return once that has ended, or its time limit is over."""
        claim = claim_or_note(event, self._log)
        if claim.outcome is not Outcome.CLAIMED:
            return response_to_outcome(claim.outcome)
        run = _Run()
        # No daemon: a process that ends in order waits for it.
        thread = Thread(
            target=run.handle, args=(claim, self._handler, self._log), name="trackingmore-webhook"
        )
        try:
            thread.start()
        except RuntimeError:  # the process has too many
            self._log.release(claim)
            raise
        if run.has_ended.wait(min(self._receiver.timeout, TIMEOUT_MAX)):
            return run.response
        run.is_late = True
        return SUCCESS if self._receiver.is_accepted_unfinished() else FAILURE


class _Run:
    """The handling of one event."""

    def __init__(self) -> None:
        self.response = FAILURE
        self.has_ended = Event()
        self.is_late = False
        """Whether the response is sent before the handler has ended."""

    def handle(self, claim: Claim, handler: Handler, log: EventLog) -> None:
        try:
            handle(claim, handler, log)
            self.response = SUCCESS
        except BaseException as error:  # noqa: BLE001 - nothing above it in the thread
            if self.is_late:
                note_late_error(error)
            else:
                self.response = response_of_error(error)
        finally:
            self.has_ended.set()


def _plain(handler: Handler) -> Handler:
    if is_coroutine_function(handler):
        raise ConfigurationError("handler must be a plain function; the app in asgi awaits one")
    return handler


def _request(environ: _Environ) -> Request:
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", ""),
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        content_length=environ.get("CONTENT_LENGTH") or "",
        content_encoding=environ.get("HTTP_CONTENT_ENCODING", ""),
    )


def _read(environ: _Environ) -> bytes:
    """
    Return the body; a byte more than allowed if it is too large.

    Raises:
        WebhookError: The client left before it had sent what it announced.
    """
    announced = (environ.get("CONTENT_LENGTH") or "").strip()
    # Without leading zeros, since `int` rejects thousands of digits.
    size = int(announced.lstrip("0") or "0") if announced.isdecimal() else 0
    # Without a length, only some servers say where a chunked body ends.
    is_terminated = bool(environ.get("wsgi.input_terminated")) and not size
    body = BytesIO()
    remaining = MAX_BODY_SIZE + 1 if is_terminated else size
    while remaining:
        try:
            part = environ["wsgi.input"].read(min(remaining, _PART_SIZE))
        except Exception:  # noqa: BLE001 - servers have their own
            raise incomplete() from None
        if not part:
            break
        body.write(part)
        remaining -= len(part)
    if remaining and not is_terminated:
        raise incomplete()
    return body.getvalue()
