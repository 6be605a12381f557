"""The public modules, and their names."""

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, Final, TypeVar

PACKAGES: Final = ("trackingmore_v2", "trackingmore_v2_api.operations")
"""Packages that are public with all modules in them that have no underscore."""

MODULES: Final = (
    *("trackingmore_v2_api", "trackingmore_v2_api.models", "trackingmore_v2_api.options"),
    *("trackingmore_v2_sandbox", "trackingmore_v2_sandbox.admin.python_api"),
    *("trackingmore_v2_sandbox.admin.views", "trackingmore_v2_sandbox.faults.instructions"),
    *("trackingmore_v2_pytest", "trackingmore_v2_pytest.receiver", "trackingmore_v2_pytest.tenant"),
)
"""Public modules of packages whose others are not meant for users."""


def public_modules() -> list[ModuleType]:
    """Import the public modules, and return them."""
    names = [*MODULES, *(name for package in PACKAGES for name in _modules_in(package))]
    return [import_module(name) for name in names]


def _modules_in(package: str) -> Iterator[str]:
    yield package
    for found in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
        if not found.name.rpartition(".")[2].startswith("_"):
            yield from _modules_in(found.name) if found.ispkg else [found.name]


def public_names(module: ModuleType) -> dict[str, Any]:
    """Return the public values of a module: those in `__all__`, or else those it defines."""
    names = getattr(module, "__all__", None) or _defined(module)
    hidden = ("_", "pytest_")  # pytest calls its hooks; users do not
    found = {name: getattr(module, name) for name in names if not name.startswith(hidden)}
    return {name: value for name, value in found.items() if not isinstance(value, TypeVar)}


def _defined(module: ModuleType) -> list[str]:
    """Return the names that the source of a module defines at its top level."""
    names: list[str] = []
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names
