"""
The request loop as a sans-I/O generator.

    method -> Call -> rate limit -> attempt -> response parsed -> result, or a typed error
                          ^            |
                          +-- delay <--+ retry

A flow yields steps, such as `Send` or `Wait`, and receives their results; `runner.py` drives it.
`retry.py` decides whether to retry, and `limiters/` when a request may be sent. Time passes during
a wait, so a slot of the rate limit is checked again after it.
"""

from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any, Final, Generic, TypeAlias, TypeVar

from msgspec import Struct

from trackingmore_v2._calls.adoption import earliest_creation
from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.identity import OtherNumber, Subject, check_numbers
from trackingmore_v2._calls.retry import requested_delay, retry_delay
from trackingmore_v2._calls.retry_quota import retry_cost, shows_availability
from trackingmore_v2._errors import (
    ApiError,
    ContractBroken,
    DeadlineExceeded,
    NoResult,
    RateLimited,
    ResponseTooLarge,
    TimedOut,
    TrackingMismatch,
    TrackingMoreError,
    api_error,
)
from trackingmore_v2._transport.response import Response
from trackingmore_v2.limiters.protocol import RateLimiter, Slot
from trackingmore_v2_api import ApiRejected, Call, ContractViolated, Operation, Repair
from trackingmore_v2_api.runtime import ResponseBody

EnvelopeT = TypeVar("EnvelopeT", bound=ResponseBody)
ResultT = TypeVar("ResultT")
OutcomeT = TypeVar("OutcomeT")


_MAX_SHOWN: Final = 80
"""Maximum number of characters of a value from a response in an error message."""


class Send(Struct, frozen=True):
    """A step that sends a call once."""

    call: Call[Any]
    timeout: float | None = None
    """Seconds until the response must be complete; None for no limit."""


class Wait(Struct, frozen=True):
    """A step that waits."""

    seconds: float


class Reserve(Struct, frozen=True):
    """A step that reserves a slot of the rate limit, or checks the one that is held."""

    limiter: RateLimiter
    account: str
    operation: Operation[Any]
    latest: float | None = None
    """Maximum delay of the slot in seconds; None for no limit."""

    held: Slot | None = None


class Release(Struct, frozen=True):
    """A step that releases a slot, since it is not used."""

    limiter: RateLimiter
    slot: Slot


class Penalise(Struct, frozen=True):
    """A step that blocks all calls of an account, after a rate-limit response."""

    limiter: RateLimiter
    account: str
    seconds: float


Step: TypeAlias = Send | Wait | Reserve | Release | Penalise
StepResult: TypeAlias = Response | Slot | TrackingMoreError | None
"""
The result of a step: a response for `Send`, a slot or None for `Reserve`, or the error of any step.

A step that is interrupted, such as by a cancellation, throws the exception into the flow. The flow
may yield one more step then, and raises the exception.
"""

Flow: TypeAlias = Generator[Step, Any, ResultT]


class PreparedCall(Generic[ResultT]):
    """
    A call, and how its response becomes the result of the method.

    Args:
        call: The call.
        read: Returns the result from the envelope of the response.
        when_empty: Returns the result if the API reports that nothing matches. Default: `NoResult`
            is raised.
        retry_outcome: What the outcome of a retry means if an earlier attempt may have succeeded.
            Default: the same as without one.
        subject: The tracking that the call is about: errors name it, and a response about another
            number raises `TrackingMismatch`. Default: none, or several.
        no_result: The error to raise in place of `NoResult`. Default: `NoResult`.
        is_cacheable: Whether the response may be cached, if the client has a cache.
    """

    def __init__(  # noqa: PLR0913 - each has a default but the first two
        self,
        call: Call[EnvelopeT],
        read: Callable[[EnvelopeT], ResultT],
        when_empty: Callable[[], ResultT] | None = None,
        *,
        retry_outcome: "RetryOutcome[ResultT] | None" = None,
        subject: Subject | None = None,
        no_result: type[ApiError] = NoResult,
        is_cacheable: bool = False,
    ) -> None:
        self.call: Final[Call[Any]] = call
        self.read: Final[Callable[[Any], ResultT]] = read
        self.retry_outcome: Final = retry_outcome
        self.when_empty: Final = when_empty
        self.subject: Final = subject
        self.no_result: Final = no_result
        self.is_cacheable: Final = is_cacheable
        self.in_doubt = False
        """Whether an interruption at this moment leaves open if the call is carried out."""


class Retried(Struct, Generic[OutcomeT], frozen=True, kw_only=True):
    """A call that was retried, and of which an earlier attempt may have succeeded."""

    call: Call[Any]
    outcome: OutcomeT
    """The result, or the error that the retry met."""

    earliest: datetime | None
    """The earliest time at which the call can have created something, by the server's clock."""

    run: Callable[[PreparedCall[Any]], Flow[Any]]
    """Runs another call within the same deadline."""

    report_adoption: Callable[[int], None]
    """Reports a number of adopted trackings to hooks and the log."""


class RetryOutcome(Struct, Generic[ResultT], frozen=True):
    """
    What the outcome of a retry means if an earlier attempt may have succeeded.

    A create then finds that the tracking exists, and a delete that it does not.
    """

    kind: type[Any]
    """The type of the result or `ApiError` that is ambiguous. Others stand as they are."""

    settle: Callable[[Retried[Any]], Flow[ResultT]]
    """Returns the result, or raises the error; it may run other calls before."""


def run(prepared: PreparedCall[ResultT], context: Context) -> Flow[ResultT]:
    """Yield the steps of a call, receive their results, and return the result of the method."""
    deadline = context.config.deadline
    deadline = None if deadline is None else context.clock.now() + deadline
    # One deadline, also for the second call that may confirm the result of the first.
    return _run(prepared, context, deadline)


def _run(
    prepared: PreparedCall[ResultT], context: Context, deadline: float | None
) -> Flow[ResultT]:
    try:
        return (yield from _run_cached(prepared, context, deadline))
    except TrackingMoreError as error:
        if prepared.subject and error.tracking_number is None:
            prepared.subject.attach(error, context.config.api_key)
        raise


def _run_cached(
    prepared: PreparedCall[ResultT], context: Context, deadline: float | None
) -> Flow[ResultT]:
    cache = context.cache if prepared.is_cacheable else None
    cached = cache.get(prepared.call) if cache else None
    if cached:
        return _read(prepared, cached, context)
    loop = _AttemptLoop(prepared, context, deadline)
    try:
        response, result = yield from loop.run()
    except ApiError as error:
        if prepared.when_empty and isinstance(error, NoResult):
            return prepared.when_empty()
        return (yield from loop.settle(error, error.headers))
    if cache:
        cache.put(prepared.call, response)
    return (yield from loop.settle(result, response.headers))


class _AttemptLoop(Generic[ResultT]):
    """The attempts of one call, up to the first successful response."""

    def __init__(
        self, prepared: PreparedCall[ResultT], context: Context, deadline: float | None
    ) -> None:
        self.in_doubt = False
        """Whether an attempt that failed may have been carried out."""

        self._retry_cost = 0
        """What the latest retry cost of the retry quota; 0 before the first one."""

        self._error: TrackingMoreError | None = None
        """The error of the latest attempt."""

        self._first_sent: float | None = None
        self._elapsed = 0.0
        """Seconds from the first attempt to the outcome of the latest one."""

        self._prepared: Final = prepared
        self._call: Final = prepared.call
        self._context: Final = context
        self._deadline: Final = deadline

    def run(self) -> Flow[tuple[Response, ResultT]]:
        """
        Send the call, retry transient failures, and return the response and the result.

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
                waited = yield from self._wait(delay)
                try:
                    outcome = yield from self._attempt(number, waited)
                except TrackingMoreError as error:
                    # Once an attempt may have been carried out, no later error rules it out.
                    self.in_doubt = self.in_doubt or error.in_doubt
                    self._prepared.in_doubt = self.in_doubt
                    self._error = error.with_traceback(None)  # which refers to this object
                    delay = yield from self._delay_after(error, number)
                else:
                    self._context.retry_quota.give_back(self._retry_cost or 1)
                    return outcome
        except BaseException as error:
            if isinstance(error, TrackingMoreError):
                error.in_doubt = self.in_doubt
            # A call that may have been carried out may have been charged.
            if guard and not self._prepared.in_doubt:
                guard.give_back(self._call)
            raise
        raise AssertionError  # pragma: no cover - `count()` is endless

    def settle(self, outcome: ResultT | ApiError, headers: Mapping[str, str]) -> Flow[ResultT]:
        """
        Return the result of the call from the outcome of its last attempt.

        Args:
            outcome: The result, or the error of the API.
            headers: Headers of the response.

        Raises:
            ApiError: The outcome is an error, and stands for no result.
        """
        retry_outcome = self._prepared.retry_outcome
        if retry_outcome and self.in_doubt and isinstance(outcome, retry_outcome.kind):
            retried = Retried(
                call=self._call,
                outcome=outcome,
                earliest=earliest_creation(headers, self._elapsed),
                run=lambda prepared: _run(prepared, self._context, self._deadline),
                report_adoption=partial(self._context.observer.adoption, self._call),
            )
            return (yield from retry_outcome.settle(retried))
        if isinstance(outcome, ApiError):
            raise outcome
        return outcome

    def _wait(self, delay: float) -> Flow[float]:
        """
        Wait for the delay and for a free slot of the rate limit, and return the seconds waited.

        Raises:
            TrackingMoreError: The wait for the slot would exceed the deadline, so there was none:
                the error of the latest attempt, or a `DeadlineExceeded` before the first one.
        """
        limiter = self._context.limiter
        try:
            if delay > 0:
                yield Wait(delay)
            return delay + ((yield from self._wait_for_slot(limiter)) if limiter else 0.0)
        except BaseException:
            self._context.retry_quota.give_back(self._retry_cost)  # the retry is not sent
            raise

    def _wait_for_slot(self, limiter: RateLimiter) -> Flow[float]:
        waited = 0.0
        held = yield from self._reserve(limiter, None)
        try:
            while held.delay > 0:
                yield Wait(held.delay)
                waited += held.delay
                held = yield from self._reserve(limiter, held)
        except GeneratorExit:
            raise  # the flow is abandoned, so no step can be yielded
        except BaseException:
            yield Release(limiter, held)
            raise
        return waited

    def _reserve(self, limiter: RateLimiter, held: Slot | None) -> Flow[Slot]:
        context, deadline = self._context, self._deadline
        latest = None if deadline is None else deadline - context.clock.now()
        account = context.config.api_key.digest()
        operation = self._call.operation
        slot: Slot | TrackingMoreError | None = yield Reserve(
            limiter, account, operation, latest, held
        )
        if isinstance(slot, TrackingMoreError):
            raise slot
        if slot is None:
            if self._error:
                raise self._error  # says more than a `DeadlineExceeded` would
            reason = "the rate limit has no free slot before the deadline; raise deadline="
            raise DeadlineExceeded(self._call, reason, in_doubt=self.in_doubt)
        return slot

    def _attempt(self, number: int, waited: float) -> Flow[tuple[Response, ResultT]]:
        """Send the call once, report the outcome to the observer, and read the response."""
        call, context, clock = self._call, self._context, self._context.clock
        attempt = context.observer.attempt(call, number, waited)
        started = clock.now()
        if self._first_sent is None:
            self._first_sent = started
        self._prepared.in_doubt = True
        outcome: Response | TrackingMoreError = yield Send(call, self._time_left())
        seconds = clock.now() - started
        self._elapsed = clock.now() - self._first_sent
        try:
            if not isinstance(outcome, Response):
                raise self._failure(outcome)
            result = _read(self._prepared, outcome, context)
        except TrackingMoreError as error:
            # A server that was only probed has not responded to the call.
            has_response = isinstance(outcome, Response) or error.in_doubt
            status = getattr(outcome, "status", None) if has_response else None
            context.observer.response(attempt, seconds, status, error)
            raise
        context.observer.response(attempt, seconds, outcome.status)
        context.observer.drift(call, outcome.body)
        return outcome, result

    def _time_left(self) -> float | None:
        if self._deadline is None:
            return None
        # At least a millisecond: a socket rejects a negative timeout, and 0 means non-blocking.
        return max(self._deadline - self._context.clock.now(), 0.001)

    def _failure(self, outcome: TrackingMoreError) -> TrackingMoreError:
        # For the transport every timeout is the same; only here the deadline is known.
        is_late = self._deadline is not None and self._context.clock.now() >= self._deadline
        if is_late and isinstance(outcome, TimedOut) and not isinstance(outcome, DeadlineExceeded):
            return DeadlineExceeded(self._call, outcome.reason, in_doubt=outcome.in_doubt)
        return outcome

    def _delay_after(self, error: TrackingMoreError, failures: int) -> Flow[float]:
        """
        Return the delay before the next attempt in seconds.

        Raises:
            TrackingMoreError: The same error, if there is no next attempt.
        """
        limiter, now = self._context.limiter, self._context.clock.now()
        if shows_availability(error):
            self._context.retry_quota.give_back(self._retry_cost or 1)
        if limiter and isinstance(error, RateLimited):
            # Also if this call is not retried: other calls of the account would fail alike.
            account = self._context.config.api_key.digest()
            yield Penalise(limiter, account, requested_delay(error) or 0.0)
        delay = retry_delay(error, failures, self._context.jitter())
        # The error at hand says more than a `DeadlineExceeded` after the wait would.
        too_late = (
            delay is not None and self._deadline is not None and now + delay >= self._deadline
        )
        if delay is None or too_late or failures > self._context.config.retries:
            raise error
        self._spend_on_retry(error)
        return delay

    def _spend_on_retry(self, error: TrackingMoreError) -> None:
        """
        Take the cost of a retry from the retry quota.

        Raises:
            TrackingMoreError: The same error with a note, if the quota is used up.
        """
        self._retry_cost = retry_cost(error)
        if not self._context.retry_quota.spend(self._retry_cost):
            error.add_note("Not retried: too many recent calls of this client failed.")
            self._context.observer.quota_used_up(self._call)
            raise error


def _read(prepared: PreparedCall[ResultT], response: Response, context: Context) -> ResultT:
    """Return the result of a call from its response."""
    envelope = _parse(prepared, response, context)
    try:
        if prepared.subject:
            check_numbers(envelope.data, prepared.subject.number)
        return prepared.read(envelope)
    except OtherNumber as other:
        # Cut only after the key is redacted, since a part of it would not be found.
        reason = f"it names {context.config.api_key.redact(other.number)[:_MAX_SHOWN]!r}"
        raise _broken(TrackingMismatch, prepared.call, response, reason) from None
    except LookupError:
        reason = "a required item of `data` is missing"
        raise _broken(ContractBroken, prepared.call, response, reason) from None


def _parse(prepared: PreparedCall[Any], response: Response, context: Context) -> Any:  # noqa: ANN401 - the caller knows the type
    """Parse a response, and convert the generated package's errors to errors of this package."""
    call, key = prepared.call, context.config.api_key
    if not response.is_whole:
        reason = f"more than {context.config.max_response_size} bytes"
        raise _broken(ResponseTooLarge, call, response, reason)
    repairs: list[Repair] = []
    try:
        envelope = call.operation.parse(
            response.status, response.headers, response.body, on_repair=repairs.append
        )
    except ApiRejected as rejected:
        # A server may echo the key in its message.
        rejected.type, rejected.message = key.redact(rejected.type), key.redact(rejected.message)
        error = api_error(rejected, call, prepared.no_result)
        error.retry_after = requested_delay(error)
        raise error from None
    except ContractViolated as violated:
        violated.reason = key.redact(violated.reason)
        # A decoding error holds the whole text that it could not decode.
        violated.__cause__ = violated.__context__ = None
        raise ContractBroken(violated, call) from violated
    context.observer.repairs(call, repairs)
    return envelope


def _broken(
    kind: type[ContractBroken], call: Call[Any], response: Response, reason: str
) -> ContractBroken:
    received = (response.status, response.headers, response.body)
    return kind(ContractViolated(call.operation.id, *received, reason), call)
