"""The hand-written list of faults that fuzzing found and that are fixed."""

import ast
from pathlib import Path
from typing import Final

import yaml
from msgspec import Struct, convert

PROJECT: Final = Path(__file__).parents[2]
FINDS: Final = Path(__file__).with_name("finds.yaml")


class Find(Struct, frozen=True, forbid_unknown_fields=True):
    """A fault that was found and fixed."""

    found: str
    """A sentence that describes the fault."""

    where: str
    """`client`, `sandbox`, `contract` or `guide`."""

    found_by: str
    held_by: str
    """The test or stored input that prevents a regression."""


def read_finds() -> list[Find]:
    """Return the list of faults."""
    return convert(yaml.safe_load(FINDS.read_text(encoding="utf-8")), list[Find])


def exists(held_by: str) -> bool:
    """Return whether a test or a stored input exists."""
    file, _, test = held_by.partition("::")
    path = PROJECT / file
    if not path.is_file():
        return False
    return not test or test.partition("[")[0] in _functions(path)


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}
