"""
Text in CSV files that a spreadsheet would evaluate as a formula.

Customers and carriers write it. The characters are those that OWASP lists under CSV injection, also
after blanks, which some spreadsheets remove.
"""

import re
from typing import Final

_BLANK: Final = r"[\s\x00-\x1f\u200b\ufeff]"
_FORMULA: Final = rf"(?:[\t\r\n]|{_BLANK}*[=+\-@＝＋－＠])"  # noqa: RUF001 - full-width forms
# Apostrophes before a formula count too, so that each text has a guarded form of its own.
_HARMFUL: Final = re.compile(rf"'*{_FORMULA}")
_GUARDED: Final = re.compile(rf"'+{_FORMULA}")


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet may evaluate a text as a formula."""
    return _HARMFUL.match(text) is not None and not text.startswith("'")


def guard(text: str) -> str:
    """Return a text as a spreadsheet does not evaluate it: with an apostrophe if it is harmful."""
    return f"'{text}" if _HARMFUL.match(text) else text


def unguard(text: str) -> str:
    """Return the text that `guard()` got."""
    return text[1:] if _GUARDED.match(text) else text
