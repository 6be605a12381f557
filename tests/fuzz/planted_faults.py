"""Faults planted in the code of the sandbox, each of which tests of this folder must find."""

from contextlib import ExitStack
from inspect import getsource, signature
from pathlib import Path
from pkgutil import resolve_name
from textwrap import dedent
from typing import Any, Final
from unittest import mock

import httpx2
import pytest
import yaml
from msgspec import Struct, convert
from schemathesis.core.failures import FailureGroup

from tests.fuzz import profile
from tests.fuzz.seeded_app import sandbox_at_now
from trackingmore_v2 import TrackingMoreError

FIXTURES: Final[dict[str, Any]] = {"sandbox": sandbox_at_now, "http": httpx2.Client}
FAILURES: Final = (AssertionError, FailureGroup, TrackingMoreError, pytest.fail.Exception)
"""Errors of a test that finds a fault; any other is an error of the test itself."""


class Fault(Struct, frozen=True, forbid_unknown_fields=True):
    """A fragment of a function's code and its faulty replacement."""

    name: str
    function: str
    code: str
    replacement: str
    found_by: list[str]
    """Names of tests, as pytest writes them."""


def read_faults() -> list[Fault]:
    """Return the list of faults."""
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return convert(yaml.safe_load(text), list[Fault])


def fails(test: str, fault: Fault | None = None) -> bool:
    """Return whether a test of the quick run fails, with a fault or without one."""
    module, _, rest = test.partition(".py::")
    name, _, values = rest.removesuffix("]").partition("[")
    function = resolve_name(f"tests.fuzz.{module}:{name}")
    parameters = [it for it in signature(function).parameters if it not in FIXTURES]
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr(profile, "PROFILE", profile.Profile(is_fail_fast=True))
        stack.enter_context(mock.patch.dict(profile.CASES))
        if fault:
            faulty = resolve_name(f"trackingmore_v2_sandbox.{fault.function}")
            patch.setattr(faulty, "__code__", _faulty_code(faulty, fault))
        fixtures = signature(function).parameters.keys() & FIXTURES
        given = {fixture: stack.enter_context(FIXTURES[fixture]()) for fixture in fixtures}
        try:
            function(**given, **dict(zip(parameters, values.split("-"), strict=False)))
        except FAILURES:
            return True
    return False


def _faulty_code(function: Any, fault: Fault) -> Any:
    source = dedent(getsource(function)).removeprefix("@property\n")
    assert source.count(fault.code) == 1, f"{fault.function} has no or several {fault.code!r}"
    scope: dict[str, Any] = {}
    exec(source.replace(fault.code, fault.replacement), function.__globals__, scope)  # noqa: S102
    return scope[function.__name__].__code__
