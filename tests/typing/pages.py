"""
The code blocks of the pages as modules, so that type checkers see what users copy.

    python -m tests.typing.pages build/pages && mypy build/pages && pyright build/pages
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def blocks() -> Iterator[tuple[str, str]]:
    """Yield a module's name and text for each Python block of README and docs."""
    for page in (PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))):
        text = page.read_text(encoding="utf-8")
        for number, code in enumerate(re.findall(r"```python\n(.*?)```", text, re.DOTALL), 1):
            yield f"{page.stem.lower()}_{number}", code


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
