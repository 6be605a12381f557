"""Imports run one way: between the packages of this project, between their layers, and inside."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path
from types import ModuleType

import pytest

import release
import trackingmore_v2
import trackingmore_v2_api
import trackingmore_v2_cli
import trackingmore_v2_pytest
import trackingmore_v2_sandbox

API, CLIENT, SANDBOX = "trackingmore_v2_api", "trackingmore_v2", "trackingmore_v2_sandbox"
SANDBOX_COMMAND = f"{SANDBOX}.__main__"
"""What `python -m` runs: the command, which nothing imports."""

PACKAGES: Mapping[ModuleType, frozenset[str]] = {
    trackingmore_v2_api: frozenset(),
    trackingmore_v2: frozenset({API}),
    trackingmore_v2_sandbox: frozenset({API}),
    trackingmore_v2_pytest: frozenset({API, CLIENT, SANDBOX}),
    trackingmore_v2_cli: frozenset({API, CLIENT, SANDBOX}),
}
"""The packages of this project, and which of the others each one may import."""

CLIENT_LAYERS = (
    (
        *("_errors", "_forks", "_hosts", "_signature", "_suggestions", "_version"),
        *("models", "serialization"),
    ),
    ("_coercion", "_scrubbing"),
    ("_config", "_validation", "hooks"),
    ("_storage",),
    ("_transport", "air_waybill_numbers", "limiters", "quota", "timelines"),
    ("_calls", "rows"),
    ("_batch", "_listing"),
    ("_async", "_sync"),
    ("importer", "types", "webhooks"),
    ("",),
)
SANDBOX_LAYERS = (
    ("http", "store", "validation"),
    ("faults",),
    ("scenarios",),
    ("core",),
    ("hints", "webhooks"),
    ("api",),
    ("pipeline",),
    ("documentation", "inspector"),
    ("admin",),
    ("server",),
    ("",),
    ("__main__",),
)
CLI_LAYERS = (
    (
        *("_files", "_options", "_signals", "_statuses", "_streams"),
        *("_times", "_variables", "_words"),
    ),
    ("_details", "_errors", "_filters", "_help_topics", "_secrets"),
    ("_carrier_details", "_export_state", "_folders", "_inputs", "_output"),
    ("_carrier_cache", "_profiles", "_questions", "_tables"),
    (
        *("_client_errors", "_completion", "_credentials"),
        *("_rate_limit", "_reference_tables"),
    ),
    ("_failures", "_session"),
    ("_app", "_command", "_importing", "_references"),
    ("", "_batch", "_detection", "_sandbox"),
    ("__main__", "_tracking", "_webhook"),
    ("_watching",),
    ("commands",),  # which `_app` imports by name, when one is needed
)
"""What stands directly in a package, from the ground up; the empty name is its `__init__.py`."""

RELEASE_LAYERS = (
    ("",),
    ("archives", "changelog", "changes", "history", "pythons", "sbom", "smoke"),
    ("decisions", "sources", "versions"),
    ("build", "contents", "install_matrix", "report", "reproducible", "walk"),
    ("api_diff", "contract_diff"),
)
LAYERS = {
    release: RELEASE_LAYERS,
    trackingmore_v2: CLIENT_LAYERS,
    trackingmore_v2_sandbox: SANDBOX_LAYERS,
    trackingmore_v2_cli: CLI_LAYERS,
}
EXTRAS = ("webhooks", "importer", "_storage")
"""Parts of the client that may need more than the core's two libraries."""

AWAITING = ("trackingmore_v2._transport", "trackingmore_v2._calls.clock")
"""What does I/O or awaits time."""

BROUGHT_BY_HTTPX2 = ("anyio", "httpcore2")
"""What httpx2 depends on itself: under asyncio and trio, and for its network backends."""

LIMITERS_WITH_EXTRAS = (
    *("limiters.sqlite", "limiters.redis", "limiters.postgres"),
    "limiters._store",  # what these three have in common
)


def name_of(package: ModuleType) -> str:
    """Return the name of a package, as an id of a test."""
    return package.__name__


@cache
def modules_of(package: ModuleType) -> Mapping[str, Path]:
    """Return the file of each module in a package, by its full name."""
    root = Path(str(package.__file__)).parent
    return {
        ".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path
        for path in root.rglob("*.py")
    }


@cache
def all_modules() -> frozenset[str]:
    """Return the names of all modules of this project."""
    return frozenset(name for package in (*PACKAGES, release) for name in modules_of(package))


def imported(name: str, path: Path) -> Iterator[str]:
    """Yield each module that a module imports, at import time or later, even for types alone."""
    holder = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), holder)
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                yield submodule if submodule in all_modules() else base


def imports_of(package: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield each import in a package: the module that imports, and the module imported."""
    for name, path in modules_of(package).items():
        yield from ((name, other) for other in imported(name, path))


def part_of(module: str) -> str:
    """Return what a module belongs to directly in its package; empty for the package itself."""
    return module.split(".")[1] if "." in module else ""


@pytest.mark.parametrize("package", PACKAGES, ids=name_of)
def test_packages_import_one_way(package: ModuleType) -> None:
    """Overlay and sandbox import the generated layer only; the command and the fixtures use all."""
    ours = {each.__name__ for each in PACKAGES}
    found = {
        other.split(".")[0] for name, other in imports_of(package) if name != SANDBOX_COMMAND
    } & ours

    assert found - {package.__name__} <= PACKAGES[package]


@pytest.mark.parametrize("package", LAYERS, ids=name_of)
def test_every_part_stands_on_one_floor(package: ModuleType) -> None:
    """A new module or sub-package has to be given its layer here."""
    named = [part for layer in LAYERS[package] for part in layer]

    assert sorted(named) == sorted({part_of(name) for name in modules_of(package)})


@pytest.mark.parametrize("package", LAYERS, ids=name_of)
def test_parts_import_lower_layers_only(package: ModuleType) -> None:
    """No part of a package knows of one above or beside it."""
    layer_of = {part: number for number, layer in enumerate(LAYERS[package]) for part in layer}
    wrong = [
        f"{name} imports {other}"
        for name, other in imports_of(package)
        if other.split(".")[0] == package.__name__
        and part_of(name) != part_of(other)
        and layer_of[part_of(name)] <= layer_of[part_of(other)]
    ]

    assert not wrong


@pytest.mark.parametrize("package", [*PACKAGES, release], ids=name_of)
def test_no_import_circle(package: ModuleType) -> None:
    """Each module imports only modules that do not import it, directly or through others."""
    known = modules_of(package)
    graph: dict[str, set[str]] = {name: set() for name in known}
    for name, other in imports_of(package):
        if other in known:
            graph[name].add(other)

    assert len(list(TopologicalSorter(graph).static_order())) == len(known)


def test_the_core_of_the_client_is_free_of_extras() -> None:
    """What every user imports needs httpx2 and msgspec, and nothing else."""
    foreign: set[str] = set()
    for name, other in imports_of(trackingmore_v2):
        inner = name.removeprefix(f"{CLIENT}.")
        if part_of(name) in EXTRAS or inner in LIMITERS_WITH_EXTRAS:
            continue
        assert part_of(other) not in EXTRAS or other.split(".")[0] != CLIENT, f"{name}: {other}"
        if other.split(".")[0] not in BROUGHT_BY_HTTPX2 or not name.startswith(AWAITING):
            foreign.add(other.split(".")[0])

    foreign -= {"typing_extensions"}  # for type checkers, which have it built in
    assert foreign - sys.stdlib_module_names == {API, CLIENT, "httpx2", "msgspec"}


def test_the_client_is_imported_without_anyio() -> None:
    """Only what awaits imports it, when it does: the import takes a third of the client's own."""
    code = "import sys, trackingmore_v2; sys.exit('anyio' in sys.modules)"

    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code


def test_the_generated_layer_needs_msgspec_only() -> None:
    """
    The generated layer depends on msgspec and the standard library, so anything can use it.

    The exception is a method that only pydantic calls, which therefore is installed.
    """
    found = set(imports_of(trackingmore_v2_api))
    foreign = {other.split(".")[0] for _, other in found - {(f"{API}.runtime", "pydantic_core")}}

    assert foreign - sys.stdlib_module_names == {API, "msgspec"}


def test_importing_the_client_imports_no_pydantic() -> None:
    """The models know pydantic only when it asks for their schema."""
    code = "import sys, trackingmore_v2; sys.exit('pydantic_core' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
