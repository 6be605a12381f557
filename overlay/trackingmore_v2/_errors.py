"""
The error hierarchy of this package.

    TrackingMoreError
      ConfigurationError          a setting is missing or invalid
        NotASandbox               the server is not a sandbox, but `sandbox_only` is set
      InvalidInput                an argument is invalid; nothing was sent
      BudgetExceeded              the call exceeds the quota guard's budget; nothing was sent
      LimiterUnavailable          the store of a shared rate limiter is away; nothing was sent
      JournalError                the journal of an import cannot be used
        JournalInUse              another process is importing with it
        JournalLost               another process has taken it over
        JournalMismatch           it belongs to another key, server or input
        JournalUnavailable        its file or database cannot be read or written
      WebhookError                a webhook is malformed, or not signed as required
      EventLogUnavailable         the store of an event log is away
      TransportError              no response was received
        ClientClosed              the client is closed; nothing was sent
        ConnectionFailed
          InvalidCertificate      the server's certificate is not trusted; nothing was sent
        TimedOut
          DeadlineExceeded        the whole call exceeded its deadline
            PoolFull              no connection became free before it; nothing was sent
      ApiError                    the response is an error
        AccessDenied              BatchTooLarge             CarrierNotDetected
        Conflict                  InvalidCarrier            InvalidKey
        InvalidParameters         InvalidStatus             InvalidTrackingNumber
        MethodNotAllowed          NoResult                  QuotaExhausted
        RateLimited               RouteNotFound             ServerFailed
        TrackingExists            TrackingNotFound
      ContractBroken              the response cannot be parsed
        ResponseTooLarge          the response exceeds the maximum size
        TrackingMismatch          the response is about another tracking
      BatchRejected               some items of a batch failed
      BatchInterrupted            the input of a batch, or a hook, raised an error

`BatchRejected` and `BatchInterrupted` contain a `BatchReport`; the module `_batch.results` defines
all three.

Neither `args` nor a message contains the API key, the details of a request, or a response beyond
its type and message. Attributes hold the request and the response; pickles do not.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

from msgspec.structs import replace

from trackingmore_v2_api import META_CODES, ApiRejected, Call, ContractViolated, models
from trackingmore_v2_api.runtime import MAX_SHOWN

__all__ = [
    "AccessDenied",
    "ApiError",
    "BatchTooLarge",
    "BudgetExceeded",
    "CarrierNotDetected",
    "ClientClosed",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "ContractBroken",
    "DeadlineExceeded",
    "EventLogUnavailable",
    "InvalidCarrier",
    "InvalidCertificate",
    "InvalidInput",
    "InvalidKey",
    "InvalidParameters",
    "InvalidStatus",
    "InvalidTrackingNumber",
    "JournalError",
    "JournalInUse",
    "JournalLost",
    "JournalMismatch",
    "JournalUnavailable",
    "LimiterUnavailable",
    "MethodNotAllowed",
    "NoResult",
    "NotASandbox",
    "PoolFull",
    "QuotaExhausted",
    "RateLimited",
    "ResponseTooLarge",
    "RouteNotFound",
    "ServerFailed",
    "TimedOut",
    "TrackingExists",
    "TrackingMismatch",
    "TrackingMoreError",
    "TrackingNotFound",
    "TransportError",
    "WebhookError",
    "WebhookErrorReason",
]

PartialResult: TypeAlias = (
    models.RemoteAreas | list[models.TransitTime] | dict[str, models.AirWaybill]
)
"""The result of a method that makes several calls for one result."""


class TrackingMoreError(Exception):
    """
    Base class of all errors of this package.

    A pickle or a copy holds neither the body, query and headers of the request nor those of the
    response, and names items of a batch by their keys: these can contain personal data.

    Attributes:
        args: The message, as `str()` returns it.
        partial: The partial result of a method that makes several calls for one result, if a later
            call failed; it has the type that the method returns. None otherwise.
        in_doubt: Whether the call may have been carried out although it failed: this attempt or an
            earlier one received no response, a server error, an unreadable response or one that
            does not come from the API, such as a proxy's.
        carrier_code: The carrier of the tracking that the call was about; None if it was about
            none, or about several.
        tracking_number: The number of this tracking, or None.
    """

    partial: PartialResult | None = None
    in_doubt: bool = False
    carrier_code: str | None = None
    tracking_number: str | None = None

    if not TYPE_CHECKING:  # type checkers know the attribute, which can be set

        @property
        def args(self) -> tuple[str]:
            """The message; error trackers record it, so it must not contain a request."""
            return (str(self),)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), str(self), self._state())

    def _state(self) -> dict[str, Any]:
        """Return the attributes that a pickle contains."""
        state = vars(self) | {name: _EMPTY[name] for name in _EMPTY.keys() & vars(self)}
        if "call" in state:
            state["call"] = replace(state["call"], query=(), headers=(), body=None)
        return state

    def _for_tracking(self) -> str:
        """Return the part of the message that names the tracking."""
        pair = " ".join(filter(None, (self.carrier_code, self.tracking_number)))
        return f" for {pair}" if pair else ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


_EMPTY: Final[Mapping[str, Any]] = {"body": b"", "headers": {}, "partial": None, "report": None}
"""Attributes that a pickle does not contain, with the values after unpickling."""


def _unpickled(
    kind: type[TrackingMoreError], message: str, state: Mapping[str, Any]
) -> TrackingMoreError:
    error = kind.__new__(kind, message)
    vars(error).update(state)
    return error


class ConfigurationError(TrackingMoreError, ValueError):
    """A setting of the client is missing or invalid. Nothing was sent, except by `NotASandbox`."""


class NotASandbox(ConfigurationError):
    """
    The server did not identify itself as a sandbox, and the client has `sandbox_only` set.

    Only a probe without the API key was sent. The exception is a server that passed an earlier
    check: then the call itself was sent to it, and `in_doubt` is true.

    Attributes:
        operation: Operation ID in the contract.
        base_url: Base URL of the server.
        status: HTTP status of its response.
    """

    def __init__(
        self, operation: str, base_url: str, status: int, *, in_doubt: bool = False
    ) -> None:
        super().__init__()
        self.operation = operation
        self.base_url = base_url
        self.status = status
        self.in_doubt = in_doubt

    def __str__(self) -> str:
        outcome = (
            "was sent with the API key and may have been carried out"
            if self.in_doubt
            else "was not sent"
        )
        return (
            f"{self.operation} {outcome}{self._for_tracking()}: {self.base_url} is not a sandbox; "
            f"it returned HTTP {self.status} without the header X-Sandbox: 1. Check base_url= or "
            "TRACKINGMORE_BASE_URL, or omit sandbox_only= to use the live API."
        )


class InvalidInput(TrackingMoreError, ValueError):
    """
    An argument is invalid and nothing was sent, or an item of a batch is and was not sent.

    Attributes:
        field: Name of the argument or of the item's field, such as `tracking_number`.
        index: Position of the item in a batch, from 0; None outside batches.
        reason: Why the value is invalid.
    """

    def __init__(self, field: str, reason: str, index: int | None = None) -> None:
        super().__init__()
        self.field = field
        self.reason = reason
        self.index = index

    def __str__(self) -> str:
        if self.index is None:
            return f"{self.field}{self._for_tracking()} {self.reason}; nothing was sent"
        item = f"item {self.index}{self._for_tracking()}"
        return f"{item}: {self.field} {self.reason}; it was not sent"


class BudgetExceeded(TrackingMoreError):
    """
    The call exceeds the budget of a `QuotaGuard`; nothing was sent.

    Attributes:
        operation: Operation ID in the contract.
        kind: The exhausted budget: `creates` or `detects`.
        cost: How many of them the call costs.
        left: How many of them are left.
    """

    def __init__(self, operation: str, kind: str, cost: int, left: int) -> None:
        super().__init__()
        self.operation = operation
        self.kind = kind
        self.cost = cost
        self.left = left

    def __str__(self) -> str:
        return (
            f"{self.operation} exceeds the quota guard's budget of {self.kind}: it costs "
            f"{self.cost}, and {self.left} are left; nothing was sent{self._for_tracking()}"
        )


class LimiterUnavailable(TrackingMoreError):
    """
    The store of a shared rate limiter cannot be reached, so the call was not sent.

    Attributes:
        operation: Operation ID in the contract.
        reason: The cause, as reported by the library of the store.
    """

    def __init__(self, operation: str, reason: str) -> None:
        super().__init__()
        self.operation = operation
        self.reason = reason

    def __str__(self) -> str:
        outcome = (
            "got no further attempt, and an earlier one may have been carried out"
            if self.in_doubt
            else "was not sent"
        )
        return (
            f"{self.operation} {outcome}{self._for_tracking()}: the store of the rate limiter is "
            f"unavailable ({self.reason}). Start the store, or pass fallback_share= to the limiter "
            "to continue without it at a lower rate."
        )


class JournalError(TrackingMoreError):
    """
    The journal of an import cannot be used. What it contains stays as it is.

    Attributes:
        journal: The name of the journal: the path of its file, or its database schema.
    """

    def __init__(self, journal: str) -> None:
        super().__init__()
        self.journal = journal


class JournalInUse(JournalError):
    """
    Another process is importing with the journal.

    Attributes:
        host: The host of that process.
        pid: Its process ID.
        since: When it began, by the journal's clock, UTC.
        lease_ends: When another process may take the journal over, unless this one renews its
            lease; UTC.
    """

    def __init__(
        self, journal: str, host: str, pid: int, since: datetime, lease_ends: datetime
    ) -> None:
        super().__init__(journal)
        self.host = host
        self.pid = pid
        self.since = since
        self.lease_ends = lease_ends

    def __str__(self) -> str:
        return (
            f"the journal {self.journal} is in use by process {self.pid} on {self.host} since "
            f"{self.since:%Y-%m-%d %H:%M:%S} UTC. Its lease ends at {self.lease_ends:%H:%M:%S} UTC "
            "unless the process renews it; wait for the process, or use another journal."
        )


class JournalLost(JournalError):
    """Another process has taken the journal over, since this one did not renew its lease."""

    def __str__(self) -> str:
        return (
            f"the journal {self.journal} was taken over by another process, which continues the "
            "import; this one sends and writes nothing more"
        )


class JournalMismatch(JournalError):
    """
    The journal belongs to another import.

    Attributes:
        reason: What differs.
    """

    def __init__(self, journal: str, reason: str) -> None:
        super().__init__(journal)
        self.reason = reason

    def __str__(self) -> str:
        return f"the journal {self.journal} belongs to another import: {self.reason}"


class JournalUnavailable(JournalError):
    """
    The file or the database of the journal cannot be read or written.

    Attributes:
        reason: The cause; if the store raised an error, as its library reports it.
        next_step: What to do about it.
    """

    def __init__(self, journal: str, reason: str, next_step: str) -> None:
        super().__init__(journal)
        self.reason = reason
        self.next_step = next_step

    def __str__(self) -> str:
        return f"the journal {self.journal} is unavailable ({self.reason}). {self.next_step}"


class WebhookErrorReason(StrEnum):
    """Why a webhook is not accepted."""

    MALFORMED = "malformed"
    """It contains no tracking that can be read."""

    TOO_LARGE = "too large"
    """The body exceeds the maximum size."""

    UNSIGNED = "unsigned"
    """It has no signature, or no time that is signed."""

    SIGNATURE_MISMATCH = "signature mismatch"
    """Its signature was made with another address."""

    STALE = "stale"
    """It was sent too long before or after now."""


class WebhookError(TrackingMoreError, ValueError):
    """
    A webhook is not accepted.

    Attributes:
        reason: Why.
        detail: What is wrong, and what to check. It contains nothing of the body.
    """

    def __init__(self, reason: WebhookErrorReason, detail: str) -> None:
        super().__init__()
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"the webhook is not accepted ({self.reason.value}): {self.detail}"


class EventLogUnavailable(TrackingMoreError):
    """
    The file or the server of an event log cannot be read or written.

    Attributes:
        log: The log, without passwords.
        reason: The cause, as the library of the store reports it.
    """

    def __init__(self, log: str, reason: str) -> None:
        super().__init__()
        self.log = log
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"the event log {self.log} is unavailable ({self.reason}). Check its store; the step "
            "was not recorded"
        )


class TransportError(TrackingMoreError):
    """
    No complete response was received.

    Attributes:
        call: The call that failed.
        reason: The cause, as reported by the HTTP library.
    """

    def __init__(self, call: Call[Any], reason: str, *, in_doubt: bool = True) -> None:
        super().__init__()
        self.call = call
        self.reason = reason
        self.in_doubt = in_doubt

    def __str__(self) -> str:
        outcome = (
            "received no response and may have been carried out"
            if self.in_doubt
            else "was not sent"
        )
        return f"{self.call.operation.id} {outcome}{self._for_tracking()}: {self.reason}"


class ClientClosed(TransportError):
    """
    The client, or the HTTP client passed to it, is closed.

    Nothing was sent, unless it was closed between two attempts: then `in_doubt` is set.
    """


class ConnectionFailed(TransportError):
    """The connection could not be established, or was lost."""


class InvalidCertificate(ConnectionFailed):
    """
    The certificate of the server or the proxy is not trusted, so nothing was sent.

    Pass the certificates of a private certificate authority with `verify=` or `SSL_CERT_FILE`.
    """


class TimedOut(TransportError):
    """No complete response was received within the timeout."""


class DeadlineExceeded(TimedOut):
    """The call, with its delays and retries, exceeded its `deadline`."""


class PoolFull(DeadlineExceeded):
    """No connection of the client became free before the `deadline`. Nothing was sent."""


class ApiError(TrackingMoreError):
    """
    The API returned an error.

    Attributes:
        operation: Operation ID in the contract, such as `createTracking`.
        status: HTTP status; mostly 200, since the API returns errors with HTTP 200.
        code: `meta.code`, such as 4016; None if the response has no envelope.
        type: `meta.type`, such as `Bad Request`; `""` if the response has none.
        message: `meta.message`; `""` if the response has none.
        headers: Headers of the response.
        body: Body of the response.
        call: The call that failed.
        retry_after: Seconds to wait before the next request, from the header `Retry-After` or from
            the contract; None if neither states it, or waiting does not help.
        advice: Suggested next step, which the message contains unless it names `retry_after`;
            `""` for no advice.
        hint: What a sandbox says is wrong with the request, without values of the request, which
            the message contains; `""` if the server is not a sandbox or gives no hint.
    """

    advice: ClassVar[str] = ""
    hint: str = ""
    retry_after: float | None = None
    _waiting_helps: ClassVar[bool] = False
    _doubt: ClassVar[str] = "The call may have been carried out."

    def __init__(self, rejected: ApiRejected, call: Call[Any]) -> None:
        super().__init__()
        self.call = call
        self.operation = rejected.operation
        self.status = rejected.status
        self.code = rejected.code
        self.type = rejected.type
        self.message = rejected.message
        self.headers = rejected.headers
        self.body = rejected.body
        self.hint = _sandbox_hint(rejected.headers)
        self.in_doubt = _may_be_carried_out(rejected)

    @property
    def retryable(self) -> bool:
        """Whether a later retry may succeed, by the contract's table of meta codes."""
        known = META_CODES.get(self.code or self.status)
        return known.retryable if known else self.status >= _SERVER_ERROR

    def __str__(self) -> str:
        code = f"code {self.code}" if self.code is not None else "no meta code"
        message = _without_advice(self.message) if self._waiting_helps else self.message
        # The message may only say the type again.
        is_type = message.rstrip(".").casefold() == self.type.casefold()
        parts = (
            f"{self.operation} failed with {code} (HTTP {self.status}){self._for_tracking()}",
            self.type,
            "" if is_type else message,
        )
        summary = ": ".join(part[:MAX_SHOWN] for part in parts if part)
        seconds = self.retry_after
        advice = self.advice if seconds is None else f"Wait {seconds:.10g} s before retrying."
        # A call that only reads may be carried out all the same.
        is_uncertain = self.in_doubt and self.call.operation.retry != "safe"
        hint = f"Sandbox hint: {self.hint}." if self.hint else ""
        more = " ".join(filter(None, (self._doubt if is_uncertain else "", advice, hint)))
        return f"{summary.removesuffix('.')}. {more}" if more else summary


class AccessDenied(ApiError):
    """
    The key has no permission, or the feature is not activated for the account.

    Source: meta codes 403 and 4018.
    """

    advice = "Ask the provider to activate the feature for this account."


class BatchTooLarge(ApiError):
    """The call contains too many items. Source: meta codes 202 and 4020."""

    advice = "Send fewer items in one call."


class CarrierNotDetected(ApiError):
    """No carrier matches the number. Source: meta code 4032."""

    advice = "Pass the carrier code explicitly."


class Conflict(ApiError):
    """The request conflicts with another one. Source: meta code 409."""


class InvalidCarrier(ApiError):
    """The carrier is missing or unknown. Source: meta code 4015."""

    advice = "Use a code from carriers.list()."


class InvalidKey(ApiError):
    """The API key is missing, invalid or deleted. Source: meta codes 401, 4001 and 4002."""

    advice = "Check api_key= or TRACKINGMORE_API_KEY."


class InvalidParameters(ApiError):
    """The API could not parse the request, or a parameter is invalid. Source: meta code 4012."""


class InvalidStatus(ApiError):
    """The status is unknown. Source: meta code 4033."""


class InvalidTrackingNumber(ApiError):
    """The tracking number is missing or malformed. Source: meta codes 4013 and 4014."""


class MethodNotAllowed(ApiError):
    """The route does not support the HTTP method. Source: meta code 405."""

    advice = "Check base_url= or TRACKINGMORE_BASE_URL."


class NoResult(ApiError):
    """Nothing matches, or no data is available yet. Source: meta code 4031."""


class QuotaExhausted(ApiError):
    """
    The account has no trackings or no balance left, or its trial has ended.

    Source: meta codes 402, 4019 and 4021.
    """

    advice = "Check account.get() for the remaining quota."


class RateLimited(ApiError):
    """Too many requests were sent; `retry_after` says how long to wait. Source: meta code 429."""

    advice = "Wait before the next request."
    _waiting_helps = True


class RouteNotFound(ApiError):
    """The route does not exist. Source: meta code 404."""

    advice = "Check base_url= or TRACKINGMORE_BASE_URL."


class ServerFailed(ApiError):
    """
    The server or a proxy failed; the call may have been carried out.

    Source: meta codes 500 and 503.
    """

    advice = "Retry later."
    _waiting_helps = True


class TrackingExists(ApiError):
    """The account already has this pair of carrier and number. Source: meta code 4016."""

    advice = "Read it with trackings.get()."
    _doubt = "An attempt without a response may have created it."


class TrackingNotFound(ApiError):
    """
    The account does not have this pair of carrier and number.

    A read of one tracking raises it for both codes that the API may use, 4017 and 4031.

    Source: meta code 4017.
    """

    advice = "Create it with trackings.create()."

    @property
    def retryable(self) -> bool:
        """False: unlike other calls, a read that fails with 4031 fails later, too."""
        return False


class ContractBroken(TrackingMoreError):
    """
    The response cannot be parsed, even after repairs.

    It is not JSON, lacks a required part, or names another tracking; it needs more than 100,000
    repairs, or would take far more memory than its size suggests.

    Attributes:
        operation: Operation ID in the contract.
        status: HTTP status.
        reason: Why and where the response cannot be parsed.
        headers: Headers of the response.
        body: Body of the response.
        call: The call that was sent; the API may have carried it out.
    """

    in_doubt = True

    def __init__(self, violated: ContractViolated, call: Call[Any]) -> None:
        super().__init__()
        self.call = call
        self.operation = violated.operation
        self.status = violated.status
        self.reason = violated.reason
        self.headers = violated.headers
        self.body = violated.body
        self._size = len(violated.body)

    def __str__(self) -> str:
        return (
            f"{self.operation} returned a response that cannot be parsed{self._for_tracking()} "
            f"(HTTP {self.status}, {self._size} bytes): {self.reason}. The raw response is in "
            ".body."
        )


class ResponseTooLarge(ContractBroken):
    """
    The response exceeds the client's `max_response_size`.

    Its `body` is only an excerpt: the first bytes of the response.
    """

    def __str__(self) -> str:
        return (
            f"{self.operation} returned a response of {self.reason}{self._for_tracking()} (HTTP "
            f"{self.status}). Raise max_response_size=, or request less data, for example with a "
            "smaller page_size=. The first bytes are in .body."
        )


class TrackingMismatch(ContractBroken):
    """
    The response is about another tracking than the call. Only the numbers are compared.

    The API may correct the carrier, and the case of a number may change.
    """

    def __str__(self) -> str:
        return (
            f"{self.operation}{self._for_tracking()} returned the response for another tracking "
            f"(HTTP {self.status}): {self.reason}. Check for a proxy or cache that confuses "
            "responses; the raw response is in .body."
        )


_SERVER_ERROR: Final = 500

IN_DOUBT_STATUSES: Final = frozenset(
    {*range(300, 400), 408, 444, 460, 499, *range(_SERVER_ERROR, 1000)}
)
"""
HTTP statuses after which the call may have been carried out.

Besides redirects and server errors: 408 Request Timeout, 444 No Response (nginx), 460 Client Closed
Connection (AWS) and 499 Client Closed Request (nginx). They count only if the response has a meta
code that is not in the contract; a known one is clear, and one without any is not the API's.
"""

_SENTENCE_END: Final = re.compile(r"(?<=\.)\s+")
_MAX_HINT: Final = 1000
"""Maximum number of characters of a hint in a message."""

_VALUE_SENT: Final = re.compile(r', got (?:".*?"|[^"]*?)(?= \(see |$)')
_ADVICE_TO_WAIT: Final = re.compile(r"\b(?:again|retry)\b", re.IGNORECASE)

_CLASSES: Final = {cls.__name__: cls for cls in ApiError.__subclasses__()}

API_ERRORS: Final[dict[int, type[ApiError]]] = {
    code: _CLASSES[known.exception] for code, known in META_CODES.items() if known.exception
}
"""The error class of each meta code, as named in the contract's `x-meta-codes`."""


def api_error(
    rejected: ApiRejected, call: Call[Any], no_result: type[ApiError] = NoResult
) -> ApiError:
    """
    Build the error of the class that the contract names for the meta code.

    Args:
        rejected: The error response.
        call: The call.
        no_result: The class to use in place of `NoResult`.
    """
    # The meta code counts first, since the API's own errors come back as HTTP 200.
    found = API_ERRORS.get(rejected.code or 0) or API_ERRORS.get(rejected.status)
    if found is None:
        # An unknown meta code below HTTP 500 has no class of its own.
        found = ServerFailed if rejected.status >= _SERVER_ERROR else ApiError
    return (no_result if found is NoResult else found)(rejected, call)


def _sandbox_hint(headers: Mapping[str, str]) -> str:
    """Return the hint in the response of a sandbox, without the values that were sent."""
    if headers.get("x-sandbox") != "1":
        return ""
    return _VALUE_SENT.sub("", headers.get("x-sandbox-hint", ""))[:_MAX_HINT]


def _without_advice(message: str) -> str:
    """Return a message of the API without its advice to wait, as the error has its own."""
    sentences = _SENTENCE_END.split(message)
    return " ".join(each for each in sentences if not _ADVICE_TO_WAIT.search(each))


def _may_be_carried_out(rejected: ApiRejected) -> bool:
    """Return whether a call may have been carried out although its response is an error."""
    if rejected.code is None:
        return True  # not the API's envelope, so it says nothing about the API
    known = META_CODES.get(rejected.code)
    if known is None:
        return rejected.status in IN_DOUBT_STATUSES
    # A code of success contradicts the HTTP status of an error.
    return known.exception is None or API_ERRORS[rejected.code] is ServerFailed
