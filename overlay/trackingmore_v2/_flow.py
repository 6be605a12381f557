"""
How a call runs: one flow without I/O, and a driver for each world.

    verb -> Call -> attempt -> answer read -> `data`, or a typed error

The flow yields what is to be sent and is given what came of it. Pacing, repeating and deadlines
belong here too: they are further things to yield.
"""

from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from trackingmore_v2_api import ApiRefused, Call, ContractViolated, Repair
from trackingmore_v2_api.runtime import Answer

from ._config import ApiKey
from ._errors import ContractBroken, NoResult, TransportError, api_error

AnswerT = TypeVar("AnswerT", bound=Answer)
ResultT = TypeVar("ResultT")


class Reply(Struct, frozen=True):
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Outcome: TypeAlias = Reply | TransportError
Flow: TypeAlias = Generator[Call[Any], Outcome, ResultT]


class Verb(Struct, Generic[ResultT], frozen=True):
    """A call, and how its answer becomes the result that a user sees."""

    call: Call[Any]
    read: Callable[[Any], ResultT]
    when_empty: Callable[[], ResultT] | None = None
    """The result when the API says that there is nothing."""


def verb(
    call: Call[AnswerT],
    read: Callable[[AnswerT], ResultT],
    when_empty: Callable[[], ResultT] | None = None,
) -> Verb[ResultT]:
    """Tie a call to the reading of its answer, with matching types."""
    return Verb(call, read, when_empty)


def run(
    doing: Verb[ResultT], key: ApiKey, on_repair: Callable[[Call[Any], Repair], None]
) -> Flow[ResultT]:
    """Run one verb: yield each call to send, and take what came of it."""
    outcome = yield doing.call
    if isinstance(outcome, TransportError):
        raise outcome
    try:
        answer = _parse(doing.call, outcome, key, on_repair)
    except NoResult:
        if doing.when_empty is None:
            raise
        return doing.when_empty()
    try:
        return doing.read(answer)
    except LookupError:
        raise _incomplete(doing.call, outcome) from None


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


def _parse(
    call: Call[Any],
    reply: Reply,
    key: ApiKey,
    on_repair: Callable[[Call[Any], Repair], None],
) -> Any:  # noqa: ANN401 - the verb knows the type
    """Read an answer, and turn the generated layer's errors into ours."""
    try:
        return call.operation.parse(
            reply.status,
            reply.headers,
            reply.body,
            on_repair=lambda repair: on_repair(call, repair),
        )
    except ApiRefused as refused:
        refused.type, refused.message = key.redact(refused.type), key.redact(refused.message)
        raise api_error(refused, call) from None
    except ContractViolated as violated:
        raise ContractBroken(violated, call) from violated


def _incomplete(call: Call[Any], reply: Reply) -> ContractBroken:
    reason = "the list that must hold one item is empty"
    operation = call.operation.id
    return ContractBroken(
        ContractViolated(operation, reply.status, reply.headers, reply.body, reason), call
    )
