"""What a resource needs: somebody who runs its verbs."""

from trackingmore_v2._calls.runner import AsyncRunner, Runner


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
