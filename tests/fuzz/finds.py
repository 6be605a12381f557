"""What was found by fuzzing, and fixed: the list that is kept by hand."""

import ast
from pathlib import Path
from typing import Final

import yaml
from msgspec import Struct, convert

PROJECT: Final = Path(__file__).parents[2]
FINDS: Final = Path(__file__).with_name("finds.yaml")


class Find(Struct, frozen=True, forbid_unknown_fields=True):
    """A fault that was found, and is none any more."""

    found: str
    """What was wrong, in a sentence."""

    where: str
    """`client`, `sandbox`, `contract` or `guide`."""

    found_by: str
    held_by: str
    """What sees that it does not come back: a test, or an input that is kept."""


def read_finds() -> list[Find]:
    """Read the list."""
    return convert(yaml.safe_load(FINDS.read_text(encoding="utf-8")), list[Find])


def exists(held_by: str) -> bool:
    """Return whether there is such a test, or such an input."""
    file, _, test = held_by.partition("::")
    path = PROJECT / file
    if not path.is_file():
        return False
    return not test or test.partition("[")[0] in _functions(path)


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}
