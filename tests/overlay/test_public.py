"""The public names of the package; their docstrings are checked by `test_docstrings.py`."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final, get_args, get_origin, get_type_hints

import pytest

import trackingmore_v2
from trackingmore_v2 import AsyncTrackingMore, TrackingMore, types
from trackingmore_v2_api import models as generated_models
from trackingmore_v2_api.options import CreateTrackingRequestOptionsDict

PUBLIC: Final = ("hooks", "importer", "limiters", "models", "quota", "timelines", "types")
"""The public modules that export types."""

OVERLAY = Path(trackingmore_v2.__file__).parent


def test_all_is_what_is_visible() -> None:
    """`__all__` names everything public and nothing else."""
    visible = {
        name
        for name, value in vars(trackingmore_v2).items()
        if not name.startswith("_") and (name in {"models", "types"} or not inspect.ismodule(value))
    }

    assert set(trackingmore_v2.__all__) == visible | {"__version__"}
    assert dir(trackingmore_v2) == sorted(trackingmore_v2.__all__)


def test_one_package_knows_the_http_library() -> None:
    """The HTTP library can be replaced in one place."""
    users = {
        path.parent.name
        for path in OVERLAY.rglob("*.py")
        if re.search(r"^(import|from) httpx2", path.read_text(), re.MULTILINE)
    }

    assert users == {"_transport"}


@pytest.mark.parametrize("path", sorted(OVERLAY.rglob("*.py")), ids=lambda path: path.name)
def test_no_number_of_the_contract_is_repeated(path: Path) -> None:
    """Limits and rates stand in the contract and nowhere else."""
    constants = {
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
    }

    assert not constants & {40, 120, 200, 2000}


def test_models_are_importable_from_the_client() -> None:
    """Each generated model has a public place in the client's package, and is the same class."""
    module = import_module("trackingmore_v2.models")

    assert module is trackingmore_v2.models
    names = generated_models.__all__
    assert module.__all__ == ["AdoptedTracking", *names]
    assert all(getattr(module, name) is getattr(generated_models, name) for name in names)


def test_tracebacks_name_the_public_place_of_an_error() -> None:
    """`trackingmore_v2.TrackingExists` is what a user can import and catch."""
    names = [name for name in dir(trackingmore_v2) if is_error(getattr(trackingmore_v2, name))]

    assert {getattr(trackingmore_v2, name).__module__ for name in names} == {"trackingmore_v2"}
    assert len(names) > 20


def is_error(value: object) -> bool:
    """Return whether a value is an exception class."""
    return isinstance(value, type) and issubclass(value, Exception)


@pytest.mark.parametrize("client", [TrackingMore, AsyncTrackingMore])
def test_signatures_name_the_options(client: type[TrackingMore | AsyncTrackingMore]) -> None:
    """`help()` and completion show each field that `**options` takes."""
    made = client("00000000-0000-4000-8000-000000000000", base_url="http://127.0.0.1:9/v2")
    names = list(inspect.signature(made.trackings.create).parameters)

    assert names[:2] == ["carrier_code", "tracking_number"]
    assert set(names[2:]) == set(CreateTrackingRequestOptionsDict.__annotations__)
    assert "created_after" in inspect.signature(made.trackings.list).parameters


def test_reprs_say_what_an_object_is() -> None:
    """At the prompt, a resource lists its methods, and a list its queries."""
    client = TrackingMore("00000000-0000-4000-8000-000000000000", base_url="http://127.0.0.1:9/v2")

    assert repr(client.account) == "<AccountResource: get>"
    assert repr(client.trackings.list()) == "<TrackingList of 1 query, 2000 items a page>"
    found = client.trackings.list(status=["transit", "pickup"], page_size=50)
    assert repr(found) == "<TrackingList of 2 queries, 50 items a page>"


def types_in(annotation: object) -> Iterator[type]:
    """Yield each class of this project in an annotation."""
    origin = get_origin(annotation)
    for each in (origin, annotation):
        if isinstance(each, type) and each.__module__.startswith("trackingmore_v2"):
            yield each
    for each in get_args(annotation):
        yield from types_in(each)


def test_every_type_in_a_signature_has_a_public_place() -> None:
    """What a method takes or returns can be imported from a public module."""
    named = [import_module(f"trackingmore_v2.{name}") for name in PUBLIC]
    modules = [trackingmore_v2, *named]
    public = {value for module in modules for value in vars(module).values() if _is_class(value)}
    seen = {
        each
        for name in dir(types)
        if name.endswith("Resource")
        for method in vars(getattr(types, name)).values()
        if inspect.isfunction(method)
        for hint in get_type_hints(method).values()
        for each in types_in(hint)
    }

    assert seen - public == set()


def _is_class(value: object) -> bool:
    return isinstance(value, type)
