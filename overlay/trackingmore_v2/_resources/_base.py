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


class _Speaker:
    """Knows the language of answers where a verb is given none."""

    _lang: str | None

    def _language(self, lang: str | None) -> str | None:
        return self._lang if lang is None else lang


class Resource(_Speaker):
    """Verbs that block."""

    def __init__(self, run: Runner, lang: str | None = None) -> None:
        self._run = run
        self._lang = lang


class AsyncResource(_Speaker):
    """Verbs that are awaited."""

    def __init__(self, run: AsyncRunner, lang: str | None = None) -> None:
        self._run = run
        self._lang = lang
