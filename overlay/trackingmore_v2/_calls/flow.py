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
from trackingmore_v2._calls.retry import pause_asked, pause_before_repeat
from trackingmore_v2._calls.sandbox_check import QUESTION
from trackingmore_v2._errors import (
    AnswerTooLarge,
    ApiError,
    ContractBroken,
    DeadlineExceeded,
    NoResult,
    NotASandbox,
    RateLimited,
    TimedOut,
    TrackingMoreError,
    TransportError,
    api_error,
    leaves_doubt,
)
from trackingmore_v2._transport.response import Reply
from trackingmore_v2_api import ApiRefused, Call, ContractViolated
from trackingmore_v2_api.runtime import Answer

AnswerT = TypeVar("AnswerT", bound=Answer)
ResultT = TypeVar("ResultT")


class Send(Struct, frozen=True):
    """A call is to be sent once."""

    call: Call[Any]
    within: float | None = None
    """Seconds that this may take in all; None for any number."""


class Wait(Struct, frozen=True):
    """Time is to pass."""

    seconds: float


Step: TypeAlias = Send | Wait
Outcome: TypeAlias = Reply | TransportError | None
"""What came of a step; None of having waited."""

Flow: TypeAlias = Generator[Step, Outcome, ResultT]


class Verb(Struct, Generic[ResultT], frozen=True, kw_only=True):
    """A call, and how its answer becomes the result that a user sees."""

    call: Call[Any]
    read: Callable[[Any], ResultT]
    read_echo: Callable[[Any], ResultT] | None = None
    """How to read the answer to a repeat, when an attempt before may have been carried out."""

    echo: "Echo[ResultT] | None" = None
    when_empty: Callable[[], ResultT] | None = None
    """The result when the API says that there is nothing."""

    is_cacheable: bool = False
    """Whether the answer may be kept, where the client keeps any."""


class Echo(Struct, Generic[ResultT], frozen=True):
    """
    A refusal that a repeat meets when an attempt without an answer was carried out after all.

    A parcel exists that was to be created, or is gone that was to be deleted.
    """

    refusal: type[ApiError]
    result: Callable[[], ResultT] | Verb[ResultT]
    """The result; or the verb that finds it, where the refusal alone proves nothing."""


def verb(  # noqa: PLR0913 - one for each field
    call: Call[AnswerT],
    read: Callable[[AnswerT], ResultT],
    when_empty: Callable[[], ResultT] | None = None,
    *,
    read_echo: Callable[[AnswerT], ResultT] | None = None,
    echo: Echo[ResultT] | None = None,
    is_cacheable: bool = False,
) -> Verb[ResultT]:
    """Tie a call to the reading of its answer, with matching types."""
    return Verb(
        call=call,
        read=read,
        read_echo=read_echo,
        echo=echo,
        when_empty=when_empty,
        is_cacheable=is_cacheable,
    )


def run(doing: Verb[ResultT], context: Context) -> Flow[ResultT]:
    """Run one verb: yield each step to take, and take what came of it."""
    deadline = context.config.deadline
    until = None if deadline is None else context.clock.now() + deadline
    return _run(doing, context, until)


def _run(doing: Verb[ResultT], context: Context, until: float | None) -> Flow[ResultT]:
    cache = context.cache if doing.is_cacheable else None
    kept = cache.find(doing.call) if cache else None
    asking = _Asking(doing.call, context, until)
    try:
        if kept:
            reply, answer = kept, _parse(doing.call, kept, context)
        else:
            reply, answer = yield from asking.run()
    except NoResult:
        if doing.when_empty is None:
            raise
        return doing.when_empty()
    except ApiError as error:
        if not asking.in_doubt or doing.echo is None or not isinstance(error, doing.echo.refusal):
            raise
        return (yield from _settle(doing.echo, error, context, until))
    read = doing.read_echo if asking.in_doubt and doing.read_echo else doing.read
    try:
        result = read(answer)
    except LookupError:
        raise _incomplete(doing.call, reply) from None
    if cache:
        cache.keep(doing.call, reply)
    return result


def _settle(
    echo: Echo[ResultT], error: ApiError, context: Context, until: float | None
) -> Flow[ResultT]:
    """Give the result that the echo stands for, or raise the refusal if it proves to be one."""
    result = echo.result
    if callable(result):
        return result()
    try:
        found = yield from _run(result, context, until)
    except TrackingMoreError as unproven:
        raise error from unproven
    return found


class _Asking:
    """A call on its way to an answer, over as many attempts as it takes and is allowed."""

    def __init__(self, call: Call[Any], context: Context, until: float | None) -> None:
        self.in_doubt = False
        """Whether an attempt that failed may have been carried out."""

        self._call: Final = call
        self._context: Final = context
        self._until: Final = until

    def run(self) -> Flow[tuple[Reply, Any]]:
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
                    self.in_doubt = self.in_doubt or leaves_doubt(error)
                    pause = self._pause_after(error, number)
        except TrackingMoreError as error:
            error.in_doubt = self.in_doubt
            if guard and not self.in_doubt:
                guard.give_back(self._call, error)
            raise
        raise AssertionError  # pragma: no cover - counting has no end

    def _await_turn(self, pause: float) -> Generator[Step, Outcome, float]:
        """Wait for the end of a pause and for a free turn; tell how long that was."""
        limiter, now = self._context.limiter, self._context.clock.now()
        turn: float | None = now + pause
        if limiter:
            turn = limiter.reserve(self._call.operation, now + pause, self._until)
        if turn is None or (self._until is not None and turn > self._until):
            reason = "its turn would come after the deadline"
            raise DeadlineExceeded(self._call, reason, maybe_sent=self.in_doubt)
        if turn > now:
            yield Wait(turn - now)
        return max(0.0, turn - now)

    def _attempt(self, attempt: Attempt) -> Flow[tuple[Reply, Any]]:
        """Send the call once, and tell who listens how it ended."""
        call, context, clock = self._call, self._context, self._context.clock
        context.observer.attempt(call, attempt)
        started = clock.now()
        outcome = (yield from self._ask_for_proof()) or (yield Send(call, self._time_left()))
        seconds = clock.now() - started
        try:
            if not isinstance(outcome, Reply):
                raise self._failure(outcome)
            if context.proof and not context.proof.take(outcome):
                raise self._no_sandbox(outcome, in_doubt=True)
            answer = _parse(call, outcome, context)
        except TrackingMoreError as error:
            status = outcome.status if isinstance(outcome, Reply) else None
            context.observer.response(call, attempt, seconds, status, error)
            raise
        context.observer.response(call, attempt, seconds, outcome.status, None)
        context.observer.answer(call, outcome.body)
        return outcome, answer

    def _ask_for_proof(self) -> Flow[TransportError | NotASandbox | None]:
        """Where only a sandbox will do, let the server show that it is one; tell if it fails to."""
        proof = self._context.proof
        if proof is None or proof.is_given:
            return None
        outcome = yield Send(QUESTION, self._time_left())
        if isinstance(outcome, TransportError):
            unsent = type(outcome)(self._call, outcome.reason, maybe_sent=False)
            unsent.__cause__ = outcome
            return unsent
        if outcome is None:
            raise AssertionError("a question that was sent has an outcome")
        return None if proof.take(outcome) else self._no_sandbox(outcome, in_doubt=False)

    def _no_sandbox(self, reply: Reply, *, in_doubt: bool) -> NotASandbox:
        operation, base_url = self._call.operation.id, self._context.config.base_url
        return NotASandbox(operation, base_url, reply.status, in_doubt=in_doubt)

    def _time_left(self) -> float | None:
        return None if self._until is None else max(self._until - self._context.clock.now(), 0.001)

    def _failure(
        self, outcome: TransportError | NotASandbox | None
    ) -> TransportError | NotASandbox:
        if outcome is None:
            raise AssertionError("a call that was sent has an outcome")
        until = self._until
        is_late = until is not None and self._context.clock.now() >= until
        if is_late and isinstance(outcome, TimedOut):
            return DeadlineExceeded(self._call, outcome.reason, maybe_sent=outcome.maybe_sent)
        return outcome

    def _pause_after(self, error: TrackingMoreError, failures: int) -> float:
        """
        Tell how long to wait before the next attempt.

        Raises:
            TrackingMoreError: There is none; it is the same error.
        """
        limiter, now = self._context.limiter, self._context.clock.now()
        if limiter and isinstance(error, RateLimited):
            limiter.pause(now + (pause_asked(error) or 0.0))
        pause = pause_before_repeat(error, failures, self._context.chance())
        too_late = pause is not None and self._until is not None and now + pause >= self._until
        if pause is None or too_late or failures > self._context.config.retries:
            raise error
        return pause


def _parse(call: Call[Any], reply: Reply, context: Context) -> Any:  # noqa: ANN401 - the verb knows the type
    """Read an answer, and turn the generated layer's errors into ours."""
    key, observer = context.config.api_key, context.observer
    if not reply.is_whole:
        raise _too_large(call, reply, context.config.max_answer_size)
    try:
        return call.operation.parse(
            reply.status,
            reply.headers,
            reply.body,
            on_repair=lambda repair: observer.repair(call, repair),
        )
    except ApiRefused as refused:
        refused.type, refused.message = key.redact(refused.type), key.redact(refused.message)
        raise api_error(refused, call) from None
    except ContractViolated as violated:
        raise ContractBroken(violated, call) from violated


def _incomplete(call: Call[Any], reply: Reply) -> ContractBroken:
    reason = "something that it must hold is missing"
    return ContractBroken(_violated(call, reply, reason), call)


def _too_large(call: Call[Any], reply: Reply, most: int) -> AnswerTooLarge:
    return AnswerTooLarge(_violated(call, reply, f"it has more than {most} bytes"), call)


def _violated(call: Call[Any], reply: Reply, reason: str) -> ContractViolated:
    operation = call.operation.id
    return ContractViolated(operation, reply.status, reply.headers, reply.body, reason)
