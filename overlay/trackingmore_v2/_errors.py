"""
Every error that this package raises, in one tree.

    TrackingMoreError
      ConfigurationError          the client cannot be built from these settings
        NotASandbox               it speaks to sandboxes only, and the server is none
      InvalidInput                an argument is wrong; nothing was sent
      BudgetExceeded              the call costs more than the guard allows; nothing was sent
      TransportError              no answer came
        ConnectionFailed
        TimedOut
          DeadlineExceeded        the whole call took too long
      ApiError                    an answer came, and said no
        AccessDenied              BatchTooLarge             CarrierNotDetected
        Conflict                  InvalidCarrier            InvalidKey
        InvalidParameters         InvalidStatus             InvalidTrackingNumber
        MethodNotAllowed          NoResult                  QuotaExhausted
        RateLimited               RouteNotFound             ServerFailed
        TrackingExists            TrackingNotFound
      ContractBroken              an answer came, and cannot be read
        ResponseTooLarge            it is larger than the client takes
      BatchRejected                some items of a batch are not as was wanted
      BatchInterrupted            the input of a batch raised an error

`BatchRejected` and `BatchInterrupted` carry a `BatchReport`, and are defined beside it.

No message holds the API key.
"""

from typing import Any, ClassVar, Final

from trackingmore_v2_api import META_CODES, ApiRejected, Call, ContractViolated


class TrackingMoreError(Exception):
    """
    Root of all errors of this package.

    Attributes:
        partial: What had been read before, where a verb made several calls to read one result and
            a later one failed: a value of the verb's own type. None otherwise.
        in_doubt: Whether the call may have been carried out although it failed: no answer came, the
            server failed, or that happened to an attempt before the one that this error is about.
    """

    partial: Any = None
    in_doubt: bool = False


class ConfigurationError(TrackingMoreError, ValueError):
    """The client cannot be built from these settings; nothing was sent."""


class NotASandbox(ConfigurationError):
    """
    The client speaks to sandboxes only, and the server does not say that it is one.

    Only a question without the key was sent, unless the server said so before: then it is the
    answer to the call itself that lacks it, and `in_doubt` is true.

    Attributes:
        operation: Id of the operation in the contract.
        base_url: Where the server is.
        status: HTTP status of its answer.
    """

    def __init__(
        self, operation: str, base_url: str, status: int, *, in_doubt: bool = False
    ) -> None:
        super().__init__(operation, base_url, status)
        self.operation = operation
        self.base_url = base_url
        self.status = status
        self.in_doubt = in_doubt

    def __str__(self) -> str:
        outcome = (
            "was answered by another server, with the key, and may have been carried out"
            if self.in_doubt
            else "was not sent"
        )
        return (
            f"{self.operation} {outcome}: {self.base_url} answered HTTP {self.status}, and did not "
            "say that it is a sandbox. Check base_url= or TRACKINGMORE_BASE_URL, or leave out "
            "sandbox_only= for the live API."
        )


class InvalidInput(TrackingMoreError, ValueError):
    """
    An argument is wrong, and nothing was sent; or an item of many, and that item was not sent.

    Attributes:
        field: Name of the argument or of the item's field, such as `tracking_number`.
        index: Position of the item in a batch, from 0; None outside batches.
        reason: What is wrong with it.
    """

    def __init__(self, field: str, reason: str, index: int | None = None) -> None:
        super().__init__(field, reason, index)
        self.field = field
        self.reason = reason
        self.index = index

    def __str__(self) -> str:
        if self.index is None:
            return f"{self.field} {self.reason}; nothing was sent"
        return f"item {self.index}: {self.field} {self.reason}; it was not sent"


class BudgetExceeded(TrackingMoreError):
    """
    The call costs more than a `QuotaGuard` allows; nothing was sent.

    Attributes:
        operation: Id of the operation in the contract.
        kind: What is used up: `creates` or `detects`.
        cost: How many the call costs.
        left: How many are left.
    """

    def __init__(self, operation: str, kind: str, cost: int, left: int) -> None:
        super().__init__(operation, kind, cost, left)
        self.operation = operation
        self.kind = kind
        self.cost = cost
        self.left = left

    def __str__(self) -> str:
        return (
            f"{self.operation} costs {self.cost} {self.kind}, and the quota guard has {self.left} "
            "left; nothing was sent"
        )


class TransportError(TrackingMoreError):
    """
    No answer came.

    Attributes:
        call: What was to be sent.
        maybe_sent: The same as `in_doubt`: False when the call certainly did not reach the server.
        reason: What happened, in the words of the HTTP library.
    """

    def __init__(self, call: Call[Any], reason: str, *, maybe_sent: bool) -> None:
        super().__init__(call, reason)
        self.call = call
        self.reason = reason
        self.in_doubt = maybe_sent

    @property
    def maybe_sent(self) -> bool:
        """Whether the call may have reached the server."""
        return self.in_doubt

    def __str__(self) -> str:
        outcome = "may have been carried out" if self.maybe_sent else "was not sent"
        return f"{self.call.operation.id} got no answer and {outcome}: {self.reason}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.call, self.reason, self.maybe_sent), vars(self)


class ConnectionFailed(TransportError):
    """The connection could not be made, or broke."""


class TimedOut(TransportError):
    """No answer came in time."""


class DeadlineExceeded(TimedOut):
    """The call, with its waits and repeats, was not done within its `deadline`."""


class ApiError(TrackingMoreError):
    """
    The API answered, and said no.

    Attributes:
        operation: Id of the operation in the contract, such as `createTracking`.
        status: HTTP status; mostly 200, since the API refuses under HTTP 200.
        code: `meta.code`, such as 4016; None when the answer has no envelope.
        type: `meta.type`, such as `Bad Request`; `""` when the answer has none.
        message: `meta.message`; `""` when the answer has none.
        headers: Headers of the answer.
        body: The answer as it came.
        call: What was sent.
        advice: What to do about it; `""` where there is nothing to say.
    """

    advice: ClassVar[str] = ""

    def __init__(self, rejected: ApiRejected, call: Call[Any]) -> None:
        super().__init__(rejected, call)
        self.call = call
        self.operation = rejected.operation
        self.status = rejected.status
        self.code = rejected.code
        self.type = rejected.type
        self.message = rejected.message
        self.headers = rejected.headers
        self.body = rejected.body

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later, by the contract's table of meta codes."""
        known = META_CODES.get(self.code or self.status)
        return known.retryable if known else self.status >= _SERVER_ERROR

    def __str__(self) -> str:
        said = f"code {self.code}" if self.code is not None else "no code"
        words = ": ".join(part for part in (self.type, self.message) if part)
        summary = f"{self.operation} was refused with {said} under HTTP {self.status}"
        return " ".join(
            part for part in (f"{summary}: {words}" if words else summary, self.advice) if part
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class AccessDenied(ApiError):
    """
    The key may not do this, or the feature is not activated for the account.

    Source: meta codes 403 and 4018.
    """

    advice = "Ask the provider to activate the feature for this account."


class BatchTooLarge(ApiError):
    """More items than one call takes. Source: meta codes 202 and 4020."""

    advice = "Send fewer items in one call."


class CarrierNotDetected(ApiError):
    """No carrier fits the number. Source: meta code 4032."""

    advice = "Name the carrier yourself."


class Conflict(ApiError):
    """The request conflicts with another one. Source: meta code 409."""


class InvalidCarrier(ApiError):
    """The carrier is missing or unknown. Source: meta code 4015."""

    advice = "Use a code from carriers.list()."


class InvalidKey(ApiError):
    """The key is missing, wrong or deleted. Source: meta codes 401, 4001 and 4002."""

    advice = "Check api_key= or TRACKINGMORE_API_KEY."


class InvalidParameters(ApiError):
    """The API could not understand the request. Source: meta code 4012."""


class InvalidStatus(ApiError):
    """No such status. Source: meta code 4033."""


class InvalidTrackingNumber(ApiError):
    """The tracking number is missing or malformed. Source: meta codes 4013 and 4014."""


class MethodNotAllowed(ApiError):
    """The route exists, with another method. Source: meta code 405."""

    advice = "Check base_url= or TRACKINGMORE_BASE_URL."


class NoResult(ApiError):
    """Nothing matches, or nothing is known yet. Source: meta code 4031."""


class QuotaExhausted(ApiError):
    """
    No trackings or no balance are left, or the trial is over.

    Source: meta codes 402, 4019 and 4021.
    """

    advice = "See account.get() for what is left."


class RateLimited(ApiError):
    """Too many requests. Source: meta code 429."""

    advice = "Send nothing for two minutes."


class RouteNotFound(ApiError):
    """No such route. Source: meta code 404."""

    advice = "Check base_url= or TRACKINGMORE_BASE_URL."


class ServerFailed(ApiError):
    """
    The server, or a proxy in front of it, failed; it may have done what it was asked to.

    Source: meta codes 500 and 503.
    """

    in_doubt = True
    advice = "Try again later."


class TrackingExists(ApiError):
    """The account follows this pair of carrier and number already. Source: meta code 4016."""

    advice = "Read it with trackings.get()."


class TrackingNotFound(ApiError):
    """The account does not follow this pair of carrier and number. Source: meta code 4017."""

    advice = "Create it with trackings.create()."


class ContractBroken(TrackingMoreError):
    """
    The API answered, and the answer cannot be read.

    Attributes:
        operation: Id of the operation in the contract.
        status: HTTP status.
        reason: What is wrong with the answer, and where.
        headers: Headers of the answer.
        body: The answer as it came.
        call: What was sent; the API may have carried it out.
    """

    in_doubt = True

    def __init__(self, violated: ContractViolated, call: Call[Any]) -> None:
        super().__init__(violated, call)
        self.call = call
        self.operation = violated.operation
        self.status = violated.status
        self.reason = violated.reason
        self.headers = violated.headers
        self.body = violated.body

    def __str__(self) -> str:
        size = f"{len(self.body)} bytes"
        return (
            f"{self.operation} was answered with something unreadable "
            f"(HTTP {self.status}, {size}): {self.reason}. The raw answer is in .body."
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class ResponseTooLarge(ContractBroken):
    """
    The answer is larger than the client takes, as its `max_response_size` says.

    Its `body` is no more than the beginning.
    """

    def __str__(self) -> str:
        return (
            f"{self.operation} was answered under HTTP {self.status}, but {self.reason}. Raise "
            "max_response_size=, or ask for less, such as by page_size=. The beginning is in .body."
        )


_SERVER_ERROR: Final = 500

_CLASSES: Final = {cls.__name__: cls for cls in ApiError.__subclasses__()}

API_ERRORS: Final[dict[int, type[ApiError]]] = {
    code: _CLASSES[known.exception] for code, known in META_CODES.items() if known.exception
}
"""The class of each refusing meta code, as the contract's `x-meta-codes` names it."""


def api_error(rejected: ApiRejected, call: Call[Any]) -> ApiError:
    """Build the error that the contract names for a refusal."""
    found = API_ERRORS.get(rejected.code or 0) or API_ERRORS.get(rejected.status)
    if found is None:
        found = ServerFailed if rejected.status >= _SERVER_ERROR else ApiError
    return found(rejected, call)


def is_in_doubt(error: TrackingMoreError) -> bool:
    """Return whether the call may have been carried out although it failed."""
    if isinstance(error, TransportError | NotASandbox):
        return error.in_doubt
    return isinstance(error, ServerFailed | ContractBroken)


def is_rejection(error: TrackingMoreError) -> bool:
    """Return whether the API understood the call, rejected it, and did nothing."""
    return isinstance(error, ApiError) and error.code is not None and not is_in_doubt(error)


def _rebuild(
    cls: type[TransportError],
    call: Call[Any],
    reason: str,
    maybe_sent: bool,  # noqa: FBT001 - pickle passes positions
) -> TransportError:
    return cls(call, reason, maybe_sent=maybe_sent)
