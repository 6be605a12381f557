"""What users may import, and the page on which each name is described."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from griffe import (
    Alias,
    Class,
    GoogleOptions,
    GriffeLoader,
    Module,
    ModulesCollection,
    Object,
    Parser,
)

ROOT: Final = Path(__file__).parents[2]
CLIENT: Final = (
    "trackingmore_v2",
    *("trackingmore_v2.models", "trackingmore_v2.types", "trackingmore_v2.hooks"),
    *("trackingmore_v2.quota", "trackingmore_v2.limiters", "trackingmore_v2.limiters.sqlite"),
    *("trackingmore_v2.limiters.redis", "trackingmore_v2.limiters.postgres"),
    *("trackingmore_v2.importer", "trackingmore_v2.importer.postgres"),
    *("trackingmore_v2.webhooks", "trackingmore_v2.webhooks.asgi", "trackingmore_v2.webhooks.wsgi"),
    *("trackingmore_v2.webhooks.logs.redis", "trackingmore_v2.webhooks.logs.postgres"),
    *("trackingmore_v2.timelines", "trackingmore_v2.rows", "trackingmore_v2.serialization"),
    "trackingmore_v2.air_waybill_numbers",
)
SANDBOX: Final = (
    *("trackingmore_v2_sandbox", "trackingmore_v2_sandbox.admin.python_api"),
    *("trackingmore_v2_pytest", "trackingmore_v2_pytest.tenant", "trackingmore_v2_pytest.receiver"),
)
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {"Client": CLIENT, "Sandbox and pytest": SANDBOX}
"""The modules with a page, by the heading of the index."""

_OPTIONS: Final[GoogleOptions] = {
    "returns_multiple_items": False,
    "returns_named_value": False,
    "warnings": False,  # `lint/docstrings.py` finds more
}


@dataclass(frozen=True)
class Library:
    """The public modules, and for each name they export the object and its page."""

    modules: Mapping[str, Module]
    exports: Mapping[str, Mapping[str, Object]]
    """What each module exports, by name."""

    homes: Mapping[str, str]
    """The module whose page describes an object, by the path of its definition."""

    sources: ModulesCollection
    """All modules, the private ones too."""

    @classmethod
    def load(cls) -> "Library":
        """Read the sources of all packages."""
        collection = _loader().modules_collection
        modules = {name: collection[name] for group in GROUPS.values() for name in group}
        exports = {name: dict(sorted(_exports(module))) for name, module in modules.items()}
        return cls(modules, exports, dict(_homes(exports)), collection)

    def described_in(self, module: str) -> Mapping[str, Object]:
        """Return the objects that the page of a module describes, by name."""
        exported = self.exports[module].items()
        return {name: each for name, each in exported if self.homes[each.path] == module}

    def public_path(self, path: str) -> str | None:
        """Return the path under which an object is described; None for a private one."""
        home = self.homes.get(path)
        return f"{home}.{path.rpartition('.')[2]}" if home else None

    def find(self, path: str) -> Object | None:
        """Return the object of a path, if it is one of our packages."""
        try:
            found: Object | Alias = self.sources[path]
        except KeyError:
            return None
        return found.final_target if isinstance(found, Alias) else found


def members_of(owner: Class, library: Library) -> Iterator[Object]:
    """Yield the public members of a class, with those of bases that have no description."""
    hidden = [base for base in owner.mro() if base.path not in library.homes and _is_ours(base)]
    seen = {"__init__"}
    for each in (owner, *hidden):
        for name, member in each.members.items():
            if name[0] != "_" and name not in seen and not isinstance(member, Alias):
                seen.add(name)
                yield member


def _loader() -> GriffeLoader:
    folders = [ROOT / name for name in ("generated", "overlay", "sandbox")]
    loader = GriffeLoader(
        search_paths=folders, docstring_parser=Parser.google, docstring_options=_OPTIONS
    )
    for name in ("trackingmore_v2_api", "trackingmore_v2", "trackingmore_v2_sandbox"):
        loader.load(name)
    loader.load("trackingmore_v2_pytest")
    loader.resolve_aliases()
    return loader


def _exports(module: Module) -> Iterator[tuple[str, Object]]:
    """Yield what a module exports: all of `__all__`, or its own names without an underscore."""
    for name, member in module.members.items():
        if name[0] != "_" and _is_exported(module, name, member) and not member.is_module:
            yield name, member.final_target if isinstance(member, Alias) else member


def _is_exported(module: Module, name: str, member: Object | Alias) -> bool:
    if module.exports is None:
        return not isinstance(member, Alias) and member.has_docstring
    return name in map(str, module.exports)


def _homes(exports: Mapping[str, Mapping[str, Object]]) -> Iterator[tuple[str, str]]:
    """Yield the page of each object: of the module nearest to where it is defined."""
    for exported in exports.values():
        for thing in exported.values():
            exporters = [name for name, names in exports.items() if thing in names.values()]
            yield thing.path, max(exporters, key=lambda name: _nearness(name, thing.path))


def _nearness(module: str, path: str) -> int:
    pairs = zip(module.split("."), path.split("."), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _is_ours(thing: Object) -> bool:
    return thing.path.startswith("trackingmore_v2")
