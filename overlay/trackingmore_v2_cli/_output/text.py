"""Text that is safe to print on a terminal and in a table."""

import re
from datetime import datetime
from typing import Final, TextIO, cast

_UNSAFE: Final = re.compile(
    # Control characters, which move the cursor or change colours, marks of writing direction, which
    # reorder what follows, and invisible tags. Customers and carriers write any text.
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]+"
)


def clean(text: str) -> str:
    """Return a text in one line, without characters that control a terminal."""
    return _UNSAFE.sub(" ", text).strip()


def escape(content: bytes) -> bytes:
    """Return JSON without characters that control a terminal; it means the same."""
    # msgspec escapes the ASCII ones but one, among them the line breaks.
    if content.isascii() and b"\x7f" not in content:
        return content
    text = content.decode()
    return _UNSAFE.sub(lambda found: _escaped(found[0]), text).encode()


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def cell(value: object) -> str:
    """Return a value as the text of a table's cell; empty for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return ", ".join(map(cell, cast("list[object]", value)))
    return clean(str(value))


def can_print(text: str, file: TextIO) -> bool:
    """Return whether the encoding of a stream has all characters of a text."""
    try:
        text.encode(file.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def glyph(preferred: str, ascii_only: str, file: TextIO) -> str:
    """Return a symbol, or its replacement where the encoding of the stream lacks it."""
    return preferred if can_print(preferred, file) else ascii_only
