"""Text as a format can hold it."""

import re
from typing import Final

SURROGATES: Final = re.compile("[\ud800-\udfff]")
"""What UTF-8 has no form for."""

NUL_TOO: Final = re.compile("[\x00\ud800-\udfff]")
"""What most readers of CSV reject."""

NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 forbids."""

CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff]"
)
"""What a terminal would obey, except tabs and line breaks."""

REPLACEMENT: Final = "\ufffd"


class Texts:
    """
    Text as a format can hold it. It counts the texts that it had to change.

    Args:
        forbidden: The characters to replace. Default: those that UTF-8 lacks.
        limit: The maximum length in UTF-16 code units, as Excel counts. Default: None.

    Attributes:
        replaced: Number of texts with characters that were replaced.
        shortened: Number of texts that were shortened.
    """

    def __init__(self, forbidden: re.Pattern[str] = SURROGATES, limit: int | None = None) -> None:
        self._forbidden = forbidden
        self._limit = limit
        self.replaced = 0
        self.shortened = 0

    def __call__(self, text: str) -> str:
        """Return a text without forbidden characters, and not longer than the limit."""
        if self._forbidden.search(text):
            self.replaced += 1
            text = self._forbidden.sub(REPLACEMENT, text)
        # A character has one or two code units.
        if self._limit and len(text) > self._limit // 2:
            return self._shorten(text, self._limit)
        return text

    def _shorten(self, text: str, limit: int) -> str:
        units = text.encode("utf-16-le")
        if len(units) <= 2 * limit:
            return text
        self.shortened += 1
        # Half a character at the end is left out.
        return units[: 2 * (limit - 1)].decode("utf-16-le", "ignore") + "…"
