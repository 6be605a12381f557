"""
The request loop as a sans-I/O generator.

    method -> Call -> rate limit -> attempt -> response parsed -> result, or a typed error
                          ^            |
                          +-- delay <--+ retry

A flow yields steps, `Send` or `Wait`, and receives their results; `runner.py` drives it. `retry.py`
decides whether to retry, and `limiters/` when a request may be sent.
"""

from collections.abc import Callable, Generator
from itertools import count
from typing import Any, Final, Generic, TypeAlias, TypeVar

from msgspec import Struct

from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.retry import requested_delay, retry_delay
from trackingmore_v2._errors import (
    ApiError,
    ContractBroken,
    DeadlineExceeded,
    NoResult,
    NotASandbox,
    RateLimited,
    ResponseTooLarge,
    TimedOut,
    TrackingMoreError,
    TransportError,
    api_error,
)
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import ApiRejected, Call, ContractViolated
from trackingmore_v2_api.runtime import ResponseBody

EnvelopeT = TypeVar("EnvelopeT", bound=ResponseBody)
ResultT = TypeVar("ResultT")


class Send(Struct, frozen=True):
    """A step that sends a call once."""

    call: Call[Any]
    timeout: float | None = None
    """Seconds until the response must be complete; None for no limit."""


class Wait(Struct, frozen=True):
    """A step that waits."""

    seconds: float


Step: TypeAlias = Send | Wait
StepResult: TypeAlias = Response | TransportError | NotASandbox
"""The result of a `Send`; a `Wait` has none."""

Flow: TypeAlias = Generator[Step, StepResult, ResultT]


class PreparedCall(Generic[ResultT]):
    """
    A call, and how its response becomes the result of the method.

    Args:
        call: The call.
        read: Returns the result from the envelope of the response.
        when_empty: Returns the result if the API reports that nothing matches. Default: `NoResult`
            is raised.
        read_after_retry: Replaces `read` for the response to a retry, if an earlier attempt may
            have succeeded. Default: `read`.
        retry_outcome: The error that a retry meets if an earlier attempt succeeded. Default: none.
        is_cacheable: Whether the response may be cached, if the client has a cache.
    """

    def __init__(  # noqa: PLR0913 - each has a default but the first two
        self,
        call: Call[EnvelopeT],
        read: Callable[[EnvelopeT], ResultT],
        when_empty: Callable[[], ResultT] | None = None,
        *,
        read_after_retry: Callable[[EnvelopeT], ResultT] | None = None,
        retry_outcome: "RetryOutcome[ResultT] | None" = None,
        is_cacheable: bool = False,
    ) -> None:
        self.call: Final[Call[Any]] = call
        self.read: Final[Callable[[Any], ResultT]] = read
        self.read_after_retry: Final[Callable[[Any], ResultT]] = read_after_retry or read
        self.retry_outcome: Final = retry_outcome
        self.when_empty: Final = when_empty
        self.is_cacheable: Final = is_cacheable


class RetryOutcome(Struct, Generic[ResultT], frozen=True):
    """
    The error that a retry meets if an earlier attempt succeeded without a response.

    A create then finds that the tracking exists, and a delete that it does not.
    """

    rejection: type[ApiError]
    result: Callable[[], ResultT] | PreparedCall[ResultT]
    """Returns the result; or a call that confirms it, if the error alone proves nothing."""


def run(prepared: PreparedCall[ResultT], context: Context) -> Flow[ResultT]:
    """Yield the steps of a call, receive their results, and return the result of the method."""
    deadline = context.config.deadline
    deadline = None if deadline is None else context.clock.now() + deadline
    # One deadline, also for the second call that may confirm the result of the first.
    return _run(prepared, context, deadline)


def _run(
    prepared: PreparedCall[ResultT], context: Context, deadline: float | None
) -> Flow[ResultT]:
    cache = context.cache if prepared.is_cacheable else None
    cached = cache.get(prepared.call) if cache else None
    loop = _AttemptLoop(prepared.call, context, deadline)
    try:
        if cached:
            response, envelope = cached, _parse(prepared.call, cached, context)
        else:
            response, envelope = yield from loop.run()
    except ApiError as error:
        retry_outcome = prepared.retry_outcome
        if prepared.when_empty and isinstance(error, NoResult):
            return prepared.when_empty()
        if retry_outcome and loop.in_doubt and isinstance(error, retry_outcome.rejection):
            return (yield from _resolve(retry_outcome, error, context, deadline))
        raise
    try:
        result = (prepared.read_after_retry if loop.in_doubt else prepared.read)(envelope)
    except LookupError:
        reason = "a required item of `data` is missing"
        raise _broken(ContractBroken, prepared.call, response, reason) from None
    # Only now, so that a response without the required items is not served again.
    if cache:
        cache.put(prepared.call, response)
    return result


def _resolve(
    retry_outcome: RetryOutcome[ResultT], error: ApiError, context: Context, deadline: float | None
) -> Flow[ResultT]:
    """Return the result that the error of a retry stands for, or raise the error."""
    result = retry_outcome.result
    if callable(result):
        return result()
    try:
        found = yield from _run(result, context, deadline)
    except TrackingMoreError as unconfirmed:
        # Without a confirmation, a success would be a guess.
        raise error from unconfirmed
    return found


class _AttemptLoop:
    """The attempts of one call, up to the first successful response."""

    def __init__(self, call: Call[Any], context: Context, deadline: float | None) -> None:
        self.in_doubt = False
        """Whether an attempt that failed may have been carried out."""

        self._call: Final = call
        self._context: Final = context
        self._deadline: Final = deadline

    def run(self) -> Flow[tuple[Response, Any]]:
        """
        Send the call, retry transient failures, and return the response and its envelope.

        Raises:
            TrackingMoreError: The last error, with `in_doubt` set for all attempts.
        """
        guard = self._context.guard
        # Once for all attempts: the API charges a tracking only once, however often it is sent.
        if guard:
            guard.spend(self._call)
        delay = 0.0
        try:
            for number in count(1):
                waited = yield from self._wait_for_slot(delay)
                try:
                    return (yield from self._attempt(number, waited))
                except TrackingMoreError as error:
                    # Once an attempt may have been carried out, no later error rules it out.
                    self.in_doubt = self.in_doubt or error.in_doubt
                    delay = self._delay_after(error, number)
        except TrackingMoreError as error:
            error.in_doubt = self.in_doubt
            # A call that may have been carried out may have been charged.
            if guard and not self.in_doubt:
                guard.give_back(self._call, error)
            raise
        raise AssertionError  # pragma: no cover - `count()` is endless

    def _wait_for_slot(self, delay: float) -> Generator[Step, StepResult, float]:
        """
        Wait for the delay and for a free slot of the rate limit, and return the seconds waited.

        Raises:
            DeadlineExceeded: The wait would exceed the deadline, so there was none.
        """
        limiter, now = self._context.limiter, self._context.clock.now()
        slot: float | None = now + delay
        if limiter:
            slot = limiter.reserve(self._call.operation, now + delay, self._deadline)
        if slot is None or (self._deadline is not None and slot > self._deadline):
            reason = "the deadline is before the next attempt; raise deadline="
            raise DeadlineExceeded(self._call, reason, in_doubt=self.in_doubt)
        if slot > now:
            yield Wait(slot - now)
        return max(0.0, slot - now)

    def _attempt(self, number: int, waited: float) -> Flow[tuple[Response, Any]]:
        """Send the call once, report the outcome to the observer, and parse the response."""
        call, context, clock = self._call, self._context, self._context.clock
        attempt = context.observer.attempt(call, number, waited)
        started = clock.now()
        outcome = yield Send(call, self._time_left())
        seconds = clock.now() - started
        try:
            if not isinstance(outcome, Response):
                raise self._failure(outcome)
            envelope = _parse(call, outcome, context)
        except TrackingMoreError as error:
            # A server that was only probed has not responded to the call.
            has_response = isinstance(outcome, Response) or error.in_doubt
            status = getattr(outcome, "status", None) if has_response else None
            context.observer.response(attempt, seconds, status, error)
            raise
        context.observer.response(attempt, seconds, outcome.status)
        context.observer.drift(call, outcome.body)
        return outcome, envelope

    def _time_left(self) -> float | None:
        if self._deadline is None:
            return None
        # At least a millisecond: a socket rejects a negative timeout, and 0 means non-blocking.
        return max(self._deadline - self._context.clock.now(), 0.001)

    def _failure(self, outcome: TransportError | NotASandbox) -> TransportError | NotASandbox:
        # For the transport every timeout is the same; only here the deadline is known.
        is_late = self._deadline is not None and self._context.clock.now() >= self._deadline
        if is_late and isinstance(outcome, TimedOut) and not isinstance(outcome, DeadlineExceeded):
            return DeadlineExceeded(self._call, outcome.reason, in_doubt=outcome.in_doubt)
        return outcome

    def _delay_after(self, error: TrackingMoreError, failures: int) -> float:
        """
        Return the delay before the next attempt in seconds.

        Raises:
            TrackingMoreError: The same error, if there is no next attempt.
        """
        limiter, now = self._context.limiter, self._context.clock.now()
        if limiter and isinstance(error, RateLimited):
            # Also if this call is not retried: other calls of the account would fail alike.
            limiter.block_until(now + (requested_delay(error) or 0.0))
        delay = retry_delay(error, failures, self._context.jitter())
        # The error at hand says more than a `DeadlineExceeded` after the wait would.
        too_late = (
            delay is not None and self._deadline is not None and now + delay >= self._deadline
        )
        if delay is None or too_late or failures > self._context.config.retries:
            raise error
        return delay


def _parse(call: Call[Any], response: Response, context: Context) -> Any:  # noqa: ANN401 - the caller knows the type
    """Parse a response, and convert the generated package's errors to errors of this package."""
    key, observer = context.config.api_key, context.observer
    if not response.is_whole:
        reason = f"more than {context.config.max_response_size} bytes"
        raise _broken(ResponseTooLarge, call, response, reason)
    try:
        return call.operation.parse(
            response.status,
            response.headers,
            response.body,
            on_repair=lambda repair: observer.repair(call, repair),
        )
    except ApiRejected as rejected:
        # A server may echo the key in its message.
        rejected.type, rejected.message = key.redact(rejected.type), key.redact(rejected.message)
        raise api_error(rejected, call) from None
    except ContractViolated as violated:
        raise ContractBroken(violated, call) from violated


def _broken(
    kind: type[ContractBroken], call: Call[Any], response: Response, reason: str
) -> ContractBroken:
    received = (response.status, response.headers, response.body)
    return kind(ContractViolated(call.operation.id, *received, reason), call)
