# Derived from _async/resource.py by codegen/derive_sync.py; do not edit.
"""The base class of the sync resources."""

from trackingmore_v2._calls.runner import Runner


class Resource:
    """
    A resource with sync methods.

    Args:
        run: Runs a prepared call.
        lang: Language of responses for methods called without `lang`. Default: the API's own.
    """

    def __init__(self, run: Runner, lang: str | None = None) -> None:
        self._run = run
        self._lang = lang

    def _language(self, lang: str | None) -> str | None:
        return self._lang if lang is None else lang
