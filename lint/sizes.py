"""Sizes of code and tests: `python lint/sizes.py` prints each figure."""

import ast
import io
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Final

ROOT: Final = Path(__file__).parents[1]
CORE: Final = ("_calls", "_transport", "_batch", "_listing", "_async", "timelines")
"""Packages of the client's core, besides the modules directly in `trackingmore_v2/`."""

DERIVED: Final = "# Derived from"
_NO_CODE: Final = frozenset(
    {
        tokenize.COMMENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
        tokenize.INDENT,
        tokenize.NEWLINE,
        tokenize.NL,
    }
)
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def modules(*folders: str) -> Iterator[Path]:
    """Yield the modules in folders that are written by hand."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not path.read_text(encoding="utf-8").startswith(DERIVED):
                yield path


def code_lines(code: str) -> set[int]:
    """Return the lines of a module that are neither blank nor part of a comment or docstring."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(code)):
        # A string that is a statement is a docstring, of a module, a class, a function or a value.
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def count_lines(paths: Iterable[Path]) -> int:
    """Return the number of code lines in modules."""
    return sum(len(code_lines(path.read_text(encoding="utf-8"))) for path in paths)


def body_sizes(paths: Iterable[Path]) -> Iterator[int]:
    """Yield the number of code lines in the body of each function."""
    for path in paths:
        code = path.read_text(encoding="utf-8")
        lines = code_lines(code)
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, _FUNCTIONS):
                start, end = node.body[0].lineno, node.end_lineno or node.lineno
                yield len(lines.intersection(range(start, end + 1)))


def comments_per_100_lines(paths: Iterable[Path]) -> float:
    """Return the number of comments for each 100 code lines; those that silence a tool excluded."""
    comments = code = 0
    for path in paths:
        text = path.read_text(encoding="utf-8")
        code += len(code_lines(text))
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            is_comment = token.type == tokenize.COMMENT
            comments += is_comment and not any(
                mark in token.string for mark in ("noqa", "type: ignore", "pyright:", "pragma:")
            )
    return comments * 100 / code


def figures() -> Iterator[tuple[str, str]]:
    """Yield each figure with its name."""
    client, sandbox = ROOT / "overlay/trackingmore_v2", ROOT / "sandbox/trackingmore_v2_sandbox"
    core = [*client.glob("*.py"), *modules(*(f"overlay/trackingmore_v2/{name}" for name in CORE))]
    product = list(modules("overlay", "sandbox"))
    helpers = [path for path in modules("tests") if not path.name.startswith("test_")]
    sizes = sorted(body_sizes(product))
    yield "code lines of the client's core", f"{count_lines(core):,}"
    yield "code lines of overlay and sandbox", f"{count_lines(product):,}"
    yield "lines in helper modules of the tests", f"{sum(map(_all_lines, helpers)):,}"
    yield "modules directly in trackingmore_v2/", str(len(list(client.glob("*.py"))))
    yield "modules directly in trackingmore_v2_sandbox/", str(len(list(sandbox.glob("*.py"))))
    tenths = quantiles(sizes, n=10)
    spread = f"{median(sizes):.0f} / {tenths[8]:.0f} / {sizes[-1]}"
    yield "function body, median / p90 / max", spread
    yield "comments for 100 code lines", f"{comments_per_100_lines(product):.1f}"


def _all_lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}: {value}\n" for name, value in figures())
