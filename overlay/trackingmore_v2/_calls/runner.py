"""The sync and the async driver of a flow, and the protocols of runners."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2._calls.flow import Flow, PreparedCall, StepResult, Wait
from trackingmore_v2._errors import TrackingMoreError
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import Call

ResultT = TypeVar("ResultT")


class Runner(Protocol):
    """Runs a prepared call, and blocks until its result is available."""

    def __call__(self, prepared: PreparedCall[ResultT], /) -> ResultT: ...


class AsyncRunner(Protocol):
    """Runs a prepared call, and is awaited."""

    async def __call__(self, prepared: PreparedCall[ResultT], /) -> ResultT: ...


def drive(
    flow: Flow[ResultT], send: Callable[[Call[Any], float | None], Response], clock: CallClock
) -> ResultT:
    """Run a flow to its result with a blocking sender and clock."""
    try:
        step = next(flow)
        while True:
            if isinstance(step, Wait):
                clock.sleep(step.seconds)
                step = next(flow)
                continue
            outcome: StepResult
            try:
                outcome = send(step.call, step.timeout)
            except TrackingMoreError as error:
                # The flow decides what these mean; any other error ends the call.
                outcome = error
            step = flow.send(outcome)
    except StopIteration as stop:
        result: ResultT = stop.value
        return result


async def drive_async(
    flow: Flow[ResultT],
    send: Callable[[Call[Any], float | None], Awaitable[Response]],
    clock: CallClock,
) -> ResultT:
    """Run a flow to its result with an awaited sender and clock."""
    try:
        step = next(flow)
        while True:
            if isinstance(step, Wait):
                await clock.sleep_async(step.seconds)
                step = next(flow)
                continue
            outcome: StepResult
            try:
                outcome = await send(step.call, step.timeout)
            except TrackingMoreError as error:
                outcome = error
            step = flow.send(outcome)
    except StopIteration as stop:
        result: ResultT = stop.value
        return result
