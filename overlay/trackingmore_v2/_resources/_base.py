"""What a resource needs: somebody who runs its verbs."""

from typing import Protocol, TypeVar

from trackingmore_v2._flow import Verb

ResultT = TypeVar("ResultT")


class Runner(Protocol):
    """Runs a verb, and blocks until its result is there."""

    def __call__(self, verb: Verb[ResultT], /) -> ResultT: ...


class AsyncRunner(Protocol):
    """Runs a verb, and lets others run until its result is there."""

    async def __call__(self, verb: Verb[ResultT], /) -> ResultT: ...


class Resource:
    """Verbs that block."""

    def __init__(self, run: Runner) -> None:
        self._run = run


class AsyncResource:
    """Verbs that are awaited."""

    def __init__(self, run: AsyncRunner) -> None:
        self._run = run
