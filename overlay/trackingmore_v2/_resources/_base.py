"""Base classes of the resources."""

from trackingmore_v2._calls.runner import AsyncRunner, Runner


class _BaseResource:
    _lang: str | None

    def _language(self, lang: str | None) -> str | None:
        return self._lang if lang is None else lang


class Resource(_BaseResource):
    """A resource with blocking methods."""

    def __init__(self, run: Runner, lang: str | None = None) -> None:
        self._run = run
        self._lang = lang


class AsyncResource(_BaseResource):
    """A resource with awaitable methods."""

    def __init__(self, run: AsyncRunner, lang: str | None = None) -> None:
        self._run = run
        self._lang = lang
