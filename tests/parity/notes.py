"""The notes `Assumed` in the sandbox's code: they stand where it does what nobody can know."""

import ast
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from tokenize import COMMENT, generate_tokens

SANDBOX = Path(__file__).parents[2] / "sandbox" / "trackingmore_v2_sandbox"

_NOTE = re.compile(r"\bassumed\b", re.IGNORECASE)
_SCOPES = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def all_notes() -> list[str]:
    """
    Name each note by its place, such as `handlers.listing:page`.

    A note on a module has the module's name; one in a comment has that of the function around it.
    """
    return [
        note
        for path in sorted(SANDBOX.rglob("*.py"))
        for note in find_notes(_module(path), path.read_text(encoding="utf-8"))
    ]


def find_notes(module: str, code: str) -> Iterator[str]:
    """Name the notes of one module."""
    tree = ast.parse(code)
    for place, text in [*_docstrings(tree, ""), *_comments(tree, code)]:
        if _NOTE.search(text):
            yield f"{module}:{place}" if place else module


def _module(path: Path) -> str:
    parts = path.relative_to(SANDBOX).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "__init__"


def _docstrings(scope: ast.AST, place: str) -> Iterator[tuple[str, str]]:
    """Yield each text that stands alone, with the name of what it describes."""
    described = place
    for statement in getattr(scope, "body", []):
        match statement:
            case ast.Expr(ast.Constant(str() as text)):
                yield described, text
            case ast.Assign([ast.Name(name), *_]) | ast.AnnAssign(ast.Name(name)):
                described = _join(place, name)
            case _:
                inner = _join(place, statement.name) if isinstance(statement, _SCOPES) else place
                yield from _docstrings(statement, inner)


def _comments(tree: ast.Module, code: str) -> Iterator[tuple[str, str]]:
    for token in generate_tokens(StringIO(code).readline):
        if token.type == COMMENT:
            yield _scope_at(tree, "", token.start[0]), token.string


def _scope_at(scope: ast.AST, place: str, line: int) -> str:
    for inner in ast.iter_child_nodes(scope):
        if isinstance(inner, ast.stmt) and inner.lineno <= line <= (inner.end_lineno or 0):
            name = _join(place, inner.name) if isinstance(inner, _SCOPES) else place
            return _scope_at(inner, name, line)
    return place


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
