"""
How a call runs: one flow without I/O, and a driver for each world.

    verb -> Call -> attempt -> answer read -> `data`, or a typed error

The flow yields what is to be sent and is given what came of it. Pacing, repeating and deadlines
belong here too: they are further things to yield.
"""

from collections.abc import Awaitable, Callable, Generator
from time import perf_counter
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from trackingmore_v2_api import ApiRefused, Call, ContractViolated
from trackingmore_v2_api.runtime import Answer

from ._cache import Cache
from ._config import ApiKey
from ._errors import ContractBroken, NoResult, TrackingMoreError, TransportError, api_error
from ._observe import Observer
from ._reply import Reply
from .quota import QuotaGuard

AnswerT = TypeVar("AnswerT", bound=Answer)
ResultT = TypeVar("ResultT")

Outcome: TypeAlias = Reply | TransportError
Flow: TypeAlias = Generator[Call[Any], Outcome, ResultT]


class Verb(Struct, Generic[ResultT], frozen=True):
    """A call, and how its answer becomes the result that a user sees."""

    call: Call[Any]
    read: Callable[[Any], ResultT]
    when_empty: Callable[[], ResultT] | None = None
    """The result when the API says that there is nothing."""

    is_cacheable: bool = False
    """Whether the answer may be kept, where the client keeps any."""


def verb(
    call: Call[AnswerT],
    read: Callable[[AnswerT], ResultT],
    when_empty: Callable[[], ResultT] | None = None,
    *,
    is_cacheable: bool = False,
) -> Verb[ResultT]:
    """Tie a call to the reading of its answer, with matching types."""
    return Verb(call, read, when_empty, is_cacheable)


class Context(Struct, frozen=True, kw_only=True):
    """What every flow of a client needs besides its verb."""

    key: ApiKey
    observer: Observer
    guard: QuotaGuard | None = None
    cache: Cache | None = None
    clock: Callable[[], float] = perf_counter


def run(doing: Verb[ResultT], context: Context) -> Flow[ResultT]:
    """Run one verb: yield each call to send, and take what came of it."""
    cache = context.cache if doing.is_cacheable else None
    kept = cache.find(doing.call) if cache else None
    try:
        if kept:
            reply, answer = kept, _parse(doing.call, kept, context)
        else:
            reply, answer = yield from _ask(doing.call, context)
    except NoResult:
        if doing.when_empty is None:
            raise
        return doing.when_empty()
    try:
        result = doing.read(answer)
    except LookupError:
        raise _incomplete(doing.call, reply) from None
    if cache:
        cache.keep(doing.call, reply)
    return result


def drive(flow: Flow[ResultT], send: Callable[[Call[Any]], Reply]) -> ResultT:
    """Drive a flow with a sender that blocks."""
    try:
        call = next(flow)
        while True:
            try:
                outcome: Outcome = send(call)
            except TransportError as error:
                outcome = error
            call = flow.send(outcome)
    except StopIteration as stop:
        result: ResultT = stop.value
        return result


async def drive_async(
    flow: Flow[ResultT], send: Callable[[Call[Any]], Awaitable[Reply]]
) -> ResultT:
    """Drive a flow with a sender that is awaited."""
    try:
        call = next(flow)
        while True:
            try:
                outcome: Outcome = await send(call)
            except TransportError as error:
                outcome = error
            call = flow.send(outcome)
    except StopIteration as stop:
        result: ResultT = stop.value
        return result


def _ask(call: Call[Any], context: Context) -> Generator[Call[Any], Outcome, tuple[Reply, Any]]:
    """Send a call once, within the budget, and tell who listens how it ended."""
    if context.guard:
        context.guard.spend(call)
    context.observer.attempt(call)
    started = context.clock()
    outcome = yield call
    seconds = context.clock() - started
    try:
        if isinstance(outcome, TransportError):
            raise outcome
        answer = _parse(call, outcome, context)
    except TrackingMoreError as error:
        if context.guard:
            context.guard.give_back(call, error)
        status = outcome.status if isinstance(outcome, Reply) else None
        context.observer.response(call, seconds, status, error)
        raise
    context.observer.response(call, seconds, outcome.status, None)
    context.observer.answer(call, outcome.body)
    return outcome, answer


def _parse(call: Call[Any], reply: Reply, context: Context) -> Any:  # noqa: ANN401 - the verb knows the type
    """Read an answer, and turn the generated layer's errors into ours."""
    key, observer = context.key, context.observer
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
    operation = call.operation.id
    return ContractBroken(
        ContractViolated(operation, reply.status, reply.headers, reply.body, reason), call
    )
