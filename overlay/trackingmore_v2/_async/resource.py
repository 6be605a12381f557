"""The base class of the async resources."""

from trackingmore_v2._calls.runner import AsyncRunner


class AsyncResource:
    """
    A resource with async methods.

    Args:
        run: Runs a prepared call.
        lang: Language of responses for methods called without `lang`. Default: the API's own.
    """

    def __init__(self, run: AsyncRunner, lang: str | None = None) -> None:
        self._run = run
        self._lang = lang

    def _language(self, lang: str | None) -> str | None:
        return self._lang if lang is None else lang
