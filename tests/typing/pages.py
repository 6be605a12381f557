"""
The code blocks of the pages as modules, so that type checkers see what users copy.

    python -m tests.typing.pages build/pages && mypy build/pages && pyright build/pages
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from website.reference import pages

PROJECT = Path(__file__).parents[2]


def blocks() -> Iterator[tuple[str, str]]:
    """Yield a module's name and text for each Python block of README, docs and the reference."""
    for name, text in texts():
        for number, code in enumerate(re.findall(r"```python\n(.*?)```", text, re.DOTALL), 1):
            yield f"{name.lower()}_{number}", code


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each page."""
    for page in (PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))):
        yield page.stem, page.read_text(encoding="utf-8")
    for name, text in pages().items():
        yield f"reference_{name.removesuffix('.md')}", text


def main() -> None:
    """Write each block into the folder that the first argument names."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.py"):
        old.unlink()
    for name, code in blocks():
        (folder / f"{name}.py").write_text(code, encoding="utf-8")


if __name__ == "__main__":
    main()
