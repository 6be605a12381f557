"""
How a call runs: one flow without I/O, and a driver for each world.

    verb -> Call -> its turn -> attempt -> answer read -> `data`, or a typed error
                       ^                       |
                       +-- a pause, a repeat --+

The flow yields what is to be done, `Send` or `Wait`, and is given what came of it. When to repeat
is decided in `_retry.py`, whose turn it is in `limits.py`.
"""

from collections.abc import Callable, Generator
from itertools import count
from typing import Any, Final, Generic, TypeAlias, TypeVar

from msgspec import Struct

from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.instrumentation import Attempt
from trackingmore_v2._calls.retry import requested_delay, retry_delay
from trackingmore_v2._calls.sandbox_check import PROBE
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
    is_in_doubt,
)
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import ApiRejected, Call, ContractViolated
from trackingmore_v2_api.runtime import ResponseBody

AnswerT = TypeVar("AnswerT", bound=ResponseBody)
ResultT = TypeVar("ResultT")


class Send(Struct, frozen=True):
    """A call is to be sent once."""

    call: Call[Any]
    timeout: float | None = None
    """Seconds that this may take in all; None for any number."""


class Wait(Struct, frozen=True):
    """Time is to pass."""

    seconds: float


Step: TypeAlias = Send | Wait
StepResult: TypeAlias = Response | TransportError | None
"""What came of a step; None of having waited."""

Flow: TypeAlias = Generator[Step, StepResult, ResultT]


class PreparedCall(Struct, Generic[ResultT], frozen=True, kw_only=True):
    """A call, and how its answer becomes the result that a user sees."""

    call: Call[Any]
    read: Callable[[Any], ResultT]
    parse_after_retry: Callable[[Any], ResultT] | None = None
    """How to read the answer to a repeat, when an attempt before may have been carried out."""

    retry_outcome: "RetryOutcome[ResultT] | None" = None
    when_empty: Callable[[], ResultT] | None = None
    """The result when the API says that there is nothing."""

    is_cacheable: bool = False
    """Whether the answer may be kept, where the client keeps any."""


class RetryOutcome(Struct, Generic[ResultT], frozen=True):
    """
    A refusal that a repeat meets when an attempt without an answer was carried out after all.

    A parcel exists that was to be created, or is gone that was to be deleted.
    """

    rejection: type[ApiError]
    result: Callable[[], ResultT] | PreparedCall[ResultT]
    """The result; or the verb that finds it, where the refusal alone proves nothing."""


def prepare(  # noqa: PLR0913 - one for each field
    call: Call[AnswerT],
    read: Callable[[AnswerT], ResultT],
    when_empty: Callable[[], ResultT] | None = None,
    *,
    parse_after_retry: Callable[[AnswerT], ResultT] | None = None,
    retry_outcome: RetryOutcome[ResultT] | None = None,
    is_cacheable: bool = False,
) -> PreparedCall[ResultT]:
    """Tie a call to the reading of its answer, with matching types."""
    return PreparedCall(
        call=call,
        read=read,
        parse_after_retry=parse_after_retry,
        retry_outcome=retry_outcome,
        when_empty=when_empty,
        is_cacheable=is_cacheable,
    )


def run(prepared: PreparedCall[ResultT], context: Context) -> Flow[ResultT]:
    """Run one verb: yield each step to take, and take what came of it."""
    deadline = context.config.deadline
    deadline = None if deadline is None else context.clock.now() + deadline
    return _run(prepared, context, deadline)


def _run(
    prepared: PreparedCall[ResultT], context: Context, deadline: float | None
) -> Flow[ResultT]:
    cache = context.cache if prepared.is_cacheable else None
    kept = cache.find(prepared.call) if cache else None
    loop = _AttemptLoop(prepared.call, context, deadline)
    try:
        if kept:
            response, envelope = kept, _parse(prepared.call, kept, context)
        else:
            response, envelope = yield from loop.run()
    except NoResult:
        if prepared.when_empty is None:
            raise
        return prepared.when_empty()
    except ApiError as error:
        if (
            not loop.in_doubt
            or prepared.retry_outcome is None
            or not isinstance(error, prepared.retry_outcome.rejection)
        ):
            raise
        return (yield from _settle(prepared.retry_outcome, error, context, deadline))
    read = (
        prepared.parse_after_retry
        if loop.in_doubt and prepared.parse_after_retry
        else prepared.read
    )
    try:
        result = read(envelope)
    except LookupError:
        raise _incomplete(prepared.call, response) from None
    if cache:
        cache.keep(prepared.call, response)
    return result


def _settle(
    retry_outcome: RetryOutcome[ResultT], error: ApiError, context: Context, deadline: float | None
) -> Flow[ResultT]:
    """Give the result that the echo stands for, or raise the refusal if it proves to be one."""
    result = retry_outcome.result
    if callable(result):
        return result()
    try:
        found = yield from _run(result, context, deadline)
    except TrackingMoreError as unproven:
        raise error from unproven
    return found


class _AttemptLoop:
    """A call on its way to an answer, over as many attempts as it takes and is allowed."""

    def __init__(self, call: Call[Any], context: Context, deadline: float | None) -> None:
        self.in_doubt = False
        """Whether an attempt that failed may have been carried out."""

        self._call: Final = call
        self._context: Final = context
        self._deadline: Final = deadline

    def run(self) -> Flow[tuple[Response, Any]]:
        """Send the call, again if need be, within the budget; give the first good answer."""
        guard = self._context.guard
        if guard:
            guard.spend(self._call)
        pause = 0.0
        try:
            for number in count(1):
                waited = yield from self._await_turn(pause)
                try:
                    return (yield from self._attempt(Attempt(number, waited)))
                except TrackingMoreError as error:
                    self.in_doubt = self.in_doubt or is_in_doubt(error)
                    pause = self._delay_after(error, number)
        except TrackingMoreError as error:
            error.in_doubt = self.in_doubt
            if guard and not self.in_doubt:
                guard.give_back(self._call, error)
            raise
        raise AssertionError  # pragma: no cover - counting has no end

    def _await_turn(self, pause: float) -> Generator[Step, StepResult, float]:
        """Wait for the end of a pause and for a free turn; tell how long that was."""
        limiter, now = self._context.limiter, self._context.clock.now()
        turn: float | None = now + pause
        if limiter:
            turn = limiter.reserve(self._call.operation, now + pause, self._deadline)
        if turn is None or (self._deadline is not None and turn > self._deadline):
            reason = "its turn would come after the deadline"
            raise DeadlineExceeded(self._call, reason, maybe_sent=self.in_doubt)
        if turn > now:
            yield Wait(turn - now)
        return max(0.0, turn - now)

    def _attempt(self, attempt: Attempt) -> Flow[tuple[Response, Any]]:
        """Send the call once, and tell who listens how it ended."""
        call, context, clock = self._call, self._context, self._context.clock
        context.observer.attempt(call, attempt)
        started = clock.now()
        outcome = (yield from self._probe()) or (yield Send(call, self._time_left()))
        seconds = clock.now() - started
        try:
            if not isinstance(outcome, Response):
                raise self._failure(outcome)
            if context.sandbox_check and not context.sandbox_check.take(outcome):
                raise self._no_sandbox(outcome, in_doubt=True)
            envelope = _parse(call, outcome, context)
        except TrackingMoreError as error:
            status = outcome.status if isinstance(outcome, Response) else None
            context.observer.response(call, attempt, seconds, status, error)
            raise
        context.observer.response(call, attempt, seconds, outcome.status, None)
        context.observer.drift(call, outcome.body)
        return outcome, envelope

    def _probe(self) -> Flow[TransportError | NotASandbox | None]:
        """Where only a sandbox will do, let the server show that it is one; tell if it fails to."""
        sandbox_check = self._context.sandbox_check
        if sandbox_check is None or sandbox_check.is_given:
            return None
        outcome = yield Send(PROBE, self._time_left())
        if isinstance(outcome, TransportError):
            unsent = type(outcome)(self._call, outcome.reason, maybe_sent=False)
            unsent.__cause__ = outcome
            return unsent
        if outcome is None:
            raise AssertionError("a question that was sent has an outcome")
        return None if sandbox_check.take(outcome) else self._no_sandbox(outcome, in_doubt=False)

    def _no_sandbox(self, response: Response, *, in_doubt: bool) -> NotASandbox:
        operation, base_url = self._call.operation.id, self._context.config.base_url
        return NotASandbox(operation, base_url, response.status, in_doubt=in_doubt)

    def _time_left(self) -> float | None:
        return (
            None
            if self._deadline is None
            else max(self._deadline - self._context.clock.now(), 0.001)
        )

    def _failure(
        self, outcome: TransportError | NotASandbox | None
    ) -> TransportError | NotASandbox:
        if outcome is None:
            raise AssertionError("a call that was sent has an outcome")
        deadline = self._deadline
        is_late = deadline is not None and self._context.clock.now() >= deadline
        if is_late and isinstance(outcome, TimedOut):
            return DeadlineExceeded(self._call, outcome.reason, maybe_sent=outcome.maybe_sent)
        return outcome

    def _delay_after(self, error: TrackingMoreError, failures: int) -> float:
        """
        Tell how long to wait before the next attempt.

        Raises:
            TrackingMoreError: There is none; it is the same error.
        """
        limiter, now = self._context.limiter, self._context.clock.now()
        if limiter and isinstance(error, RateLimited):
            limiter.pause(now + (requested_delay(error) or 0.0))
        pause = retry_delay(error, failures, self._context.jitter())
        too_late = (
            pause is not None and self._deadline is not None and now + pause >= self._deadline
        )
        if pause is None or too_late or failures > self._context.config.retries:
            raise error
        return pause


def _parse(call: Call[Any], response: Response, context: Context) -> Any:  # noqa: ANN401 - the verb knows the type
    """Read an answer, and turn the generated layer's errors into ours."""
    key, observer = context.config.api_key, context.observer
    if not response.is_whole:
        raise _too_large(call, response, context.config.max_response_size)
    try:
        return call.operation.parse(
            response.status,
            response.headers,
            response.body,
            on_repair=lambda repair: observer.repair(call, repair),
        )
    except ApiRejected as rejected:
        rejected.type, rejected.message = key.redact(rejected.type), key.redact(rejected.message)
        raise api_error(rejected, call) from None
    except ContractViolated as violated:
        raise ContractBroken(violated, call) from violated


def _incomplete(call: Call[Any], response: Response) -> ContractBroken:
    reason = "something that it must hold is missing"
    return ContractBroken(_violated(call, response, reason), call)


def _too_large(call: Call[Any], response: Response, limit: int) -> ResponseTooLarge:
    return ResponseTooLarge(_violated(call, response, f"it has more than {limit} bytes"), call)


def _violated(call: Call[Any], response: Response, reason: str) -> ContractViolated:
    operation = call.operation.id
    return ContractViolated(operation, response.status, response.headers, response.body, reason)
