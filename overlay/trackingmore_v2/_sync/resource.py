# Derived from _async/resource.py by codegen/derive_sync.py; do not edit.
"""The base class of the sync resources."""

from types import FunctionType

from trackingmore_v2._calls.runner import Runner
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._signature import name_options


class Resource:
    """
    A resource with sync methods.

    Args:
        run: Runs a prepared call.
        lang: Language of responses for methods called without `lang`. Default: the API's own.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for method in vars(cls).values():
            if isinstance(method, FunctionType):
                name_options(method)
        scrub_methods(cls)

    def __init__(self, run: Runner, lang: str | None = None) -> None:
        self._run = run
        self._lang = lang

    def __repr__(self) -> str:
        methods = ", ".join(name for name in vars(type(self)) if not name.startswith("_"))
        return f"<{type(self).__name__}: {methods}>"

    def _language(self, lang: str | None) -> str | None:
        return self._lang if lang is None else lang
