"""
The blocking half of the client, derived from the async half: `python codegen/derive_sync.py`.

Each module of `_async/` is written by hand; its twin in `_sync/` has the same text without `async`
and `await`, and with the blocking form of every name. `--check` compares instead of writing.
"""

import argparse
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

CLIENT: Final = Path(__file__).parents[1] / "overlay" / "trackingmore_v2"
Position: TypeAlias = tuple[int, int]

HEADER: Final = "# Derived from _async/{name} by codegen/derive_sync.py; do not edit.\n"

NAMES: Final = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "_async": "_sync",
    "aclosing": "closing",
    "anext": "next",
}
WORDS: Final = (
    (re.compile(r"\basync (for|with|def)\b"), r"\1"),
    (re.compile(r"\bor await (?=`)"), "or call "),
    (re.compile(r"\bawait "), ""),
    (re.compile(r"\baclosing\b"), "closing"),
    (re.compile(r"\bAn asynchronous\b"), "A synchronous"),
    (re.compile(r"\ban async (?=context)"), "a "),
    (re.compile(r"\basync (?=client|half|list|resources|methods)"), "sync "),
)
"""What the text of docstrings and comments says instead."""


def blocking_name(name: str) -> str:
    """Return the blocking form of a name: without `Async` in front, or `_async` at the end."""
    if name in NAMES:
        return NAMES[name]
    return re.sub(r"^(_?)Async(?=[A-Z])", r"\1", name).removesuffix("_async")


def blocking_text(text: str) -> str:
    """Return the blocking form of a docstring or a comment."""
    for pattern, replacement in WORDS:
        text = pattern.sub(replacement, text)
    return re.sub(r"\b_?Async[A-Z]\w*", lambda found: blocking_name(found[0]), text)


def derive(source: str) -> str:
    """Return the blocking form of a module, not formatted yet."""
    lines = source.splitlines(keepends=True)
    for start, end, new in reversed(list(_edits(source))):
        if start[0] == end[0]:
            line = lines[start[0] - 1]
            lines[start[0] - 1] = line[: start[1]] + new + line[end[1] :]
        else:
            last = lines[end[0] - 1][end[1] :]
            lines[start[0] - 1 : end[0]] = [lines[start[0] - 1][: start[1]] + new + last]
    return "".join(lines)


def _edits(source: str) -> Iterator[tuple[Position, Position, str]]:
    depth: list[bool] = []  # for each open bracket, whether it belongs to an `Awaitable[...]`
    after_awaitable = False
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and token.string in ("async", "await"):
            row, column = token.end
            yield token.start, (row, column + 1), ""  # with the space after it
        elif token.type == tokenize.NAME and token.string == "Awaitable":
            after_awaitable = token.line[token.end[1] : token.end[1] + 1] == "["
            yield token.start, token.end, "" if after_awaitable else token.string
        elif token.type == tokenize.NAME:
            yield token.start, token.end, blocking_name(token.string)
        elif token.type in (tokenize.STRING, tokenize.COMMENT):
            yield token.start, token.end, blocking_text(token.string)
        elif token.string == "[":
            depth.append(after_awaitable)
            after_awaitable = False
            if depth[-1]:
                yield token.start, token.end, ""
        elif token.string == "]" and depth.pop():
            yield token.start, token.end, ""


def derived_modules() -> Iterator[tuple[Path, str]]:
    """Yield the path of each derived module, and its text."""
    for path in sorted((CLIENT / "_async").glob("*.py")):
        code = HEADER.format(name=path.name) + derive(path.read_text(encoding="utf-8"))
        yield CLIENT / "_sync" / path.name, formatted(code, CLIENT / "_sync" / path.name)


def formatted(code: str, path: Path) -> str:
    """Return the code of a module as ruff formats it."""
    for command in (["check", "--fix-only", "--select=I,F401"], ["format"]):
        run = [sys.executable, "-m", "ruff", *command, f"--stdin-filename={path}", "--quiet", "-"]
        code = subprocess.run(run, input=code, check=True, capture_output=True, text=True).stdout  # noqa: S603 - fixed arguments
    return code


def main() -> None:
    """Write the derived modules, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    wrong = []
    for path, code in derived_modules():
        if check and (not path.exists() or path.read_text(encoding="utf-8") != code):
            wrong.append(path.name)
        elif not check:
            path.write_text(code, encoding="utf-8")
    names = {path.name for path in (CLIENT / "_async").glob("*.py")}
    wrong += [path.name for path in (CLIENT / "_sync").glob("*.py") if path.name not in names]
    if wrong:
        raise SystemExit(f"_sync/ is stale: {', '.join(wrong)}; run python codegen/derive_sync.py")


if __name__ == "__main__":
    main()
