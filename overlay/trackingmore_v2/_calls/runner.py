"""The sync and the async driver of a flow, and the protocols of runners."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias, TypeVar

from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2._calls.flow import (
    Flow,
    Penalise,
    PreparedCall,
    Release,
    Reserve,
    Send,
    Step,
    StepResult,
    Wait,
)
from trackingmore_v2._errors import TrackingMoreError
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import Call

ResultT = TypeVar("ResultT")
Sender: TypeAlias = Callable[[Call[Any], float | None], Response]
AsyncSender: TypeAlias = Callable[[Call[Any], float | None], Awaitable[Response]]


class Runner(Protocol):
    """Runs a prepared call, and blocks until its result is available."""

    def __call__(self, prepared: PreparedCall[ResultT], /) -> ResultT: ...


class AsyncRunner(Protocol):
    """Runs a prepared call, and is awaited."""

    async def __call__(self, prepared: PreparedCall[ResultT], /) -> ResultT: ...


def drive(flow: Flow[ResultT], send: Sender, clock: CallClock) -> ResultT:
    """Run a flow to its result with a blocking sender and clock."""
    try:
        step = flow.send(None)
        while True:
            outcome: StepResult
            try:
                outcome = _perform(step, send, clock)
            except TrackingMoreError as error:
                # The flow decides what these mean; any other error ends the call. The frames of an
                # attempt are not needed, and would keep its request alive.
                outcome = error.with_traceback(None)
            except BaseException as error:  # noqa: BLE001 - the flow raises it
                step = flow.throw(error)
                continue
            step = flow.send(outcome)
    except StopIteration as stop:
        result: ResultT = stop.value
        return result


async def drive_async(flow: Flow[ResultT], send: AsyncSender, clock: CallClock) -> ResultT:
    """Run a flow to its result with an awaited sender and clock."""
    try:
        step = flow.send(None)
        while True:
            outcome: StepResult
            try:
                outcome = await _perform_async(step, send, clock)
            except TrackingMoreError as error:
                outcome = error.with_traceback(None)
            except BaseException as error:  # noqa: BLE001 - the flow raises it
                step = flow.throw(error)
                continue
            step = flow.send(outcome)
    except StopIteration as stop:
        result: ResultT = stop.value
        return result


def _perform(step: Step, send: Sender, clock: CallClock) -> StepResult:
    match step:
        case Send(call, timeout):
            return send(call, timeout)
        case Reserve(limiter, account, operation, latest, held):
            return limiter.reserve(account, operation, latest, held)
        case Release(limiter, slot):
            limiter.release(slot)
        case Penalise(limiter, account, seconds):
            limiter.block(account, seconds)
        case Wait(seconds):
            clock.sleep(seconds)
    return None


async def _perform_async(step: Step, send: AsyncSender, clock: CallClock) -> StepResult:
    match step:
        case Send(call, timeout):
            return await send(call, timeout)
        case Reserve(limiter, account, operation, latest, held):
            return await limiter.reserve_async(account, operation, latest, held)
        case Release(limiter, slot):
            await limiter.release_async(slot)
        case Penalise(limiter, account, seconds):
            await limiter.block_async(account, seconds)
        case Wait(seconds):
            await clock.sleep_async(seconds)
    return None
