"""
Imports run one way: overlay to generated, sandbox to generated, generated to nothing of ours.

The command stands above all of them.
"""

import ast
from collections.abc import Collection, Iterator
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import pytest

import trackingmore_v2
import trackingmore_v2_api
import trackingmore_v2_sandbox

OURS = {"trackingmore_v2", "trackingmore_v2_api", "trackingmore_v2_sandbox"}
ALLOWED = {
    trackingmore_v2: {"trackingmore_v2", "trackingmore_v2_api"},
    trackingmore_v2_api: {"trackingmore_v2_api"},
    trackingmore_v2_sandbox: {"trackingmore_v2_sandbox", "trackingmore_v2_api"},
}
EXCEPTIONS = {
    ("trackingmore_v2_sandbox/pytest_plugin/__init__.py", "trackingmore_v2"),
}
"""The fixtures hand out clients, and import only then."""


def imported(path: Path) -> Iterator[str]:
    """Give the top name of each module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", ALLOWED, ids=lambda package: package.__name__)
def test_imports_run_one_way(package: object) -> None:
    """No layer knows of one above or beside it."""
    root = Path(str(package.__file__)).parent  # type: ignore[attr-defined]  # a module has a file
    found = {
        (f"{root.name}/{path.relative_to(root)}", name)
        for path in root.rglob("*.py")
        for name in imported(path)
        if name in OURS and name not in ALLOWED[package]  # type: ignore[index]  # by module
    }

    assert found <= EXCEPTIONS


def test_the_generated_layer_needs_msgspec_only() -> None:
    """The generated layer depends on msgspec and the standard library, so anything can use it."""
    root = Path(trackingmore_v2_api.__file__).parent
    names = {name for path in root.rglob("*.py") for name in imported(path)}

    assert not names & {"httpx2", "starlette", "uvicorn", "pydantic", "attrs"}
    assert "msgspec" in names


def imported_modules(name: str, path: Path, known: Collection[str]) -> Iterator[str]:
    """Yield each first-party module that a file imports, at import time or later."""
    holder = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), holder)
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                yield submodule if submodule in known else base


def test_the_client_has_no_import_circle() -> None:
    """Each module of the client imports only modules that do not import it, even for types."""
    root = Path(trackingmore_v2.__file__).parent
    modules = {
        ".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path
        for path in root.rglob("*.py")
    }
    graph = {
        name: {other for other in imported_modules(name, path, modules) if other in modules}
        for name, path in modules.items()
    }

    assert len(list(TopologicalSorter(graph).static_order())) == len(modules)
