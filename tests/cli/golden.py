"""Texts that a person has looked at once: `GOLDEN=write pytest tests/cli` stores them anew."""

import os
from pathlib import Path

FOLDER = Path(__file__).with_name("golden")


def check_golden(name: str, text: str) -> None:
    """
    Compare a text with the stored one.

    Args:
        name: Name of the file in `golden/`, such as `list.80.txt`.
        text: What a command printed, without escape sequences.
    """
    path = FOLDER / name
    # Trailing spaces are invisible, and editors remove them.
    lines = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(lines, encoding="utf-8")
    assert lines == path.read_text(encoding="utf-8")
