"""
The carriers that the last `carriers` listed, for completion and suggestions without the network.

A file in the user's cache folder, one `code<TAB>name` a line, which scripts of shells read as well.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._files import replacing
from trackingmore_v2_cli._folders import CACHE
from trackingmore_v2_cli._output.text import clean

FILE_NAME: Final = "carriers.tsv"
_LINE: Final = re.compile(r"([0-9A-Za-z_-]+)\t([^\t]*)")
"""A line. The contract allows these characters in a code; none is special in a shell."""


def cache_file() -> Path:
    """Return the path of the file; it may be missing."""
    return CACHE.path() / FILE_NAME


def read_carriers() -> dict[str, str]:
    """Return the names of the carriers by code; lines of another form do not count."""
    try:
        content = cache_file().read_text(encoding="utf-8", errors="replace")
    except (OSError, CommandError):
        return {}
    lines = map(_LINE.fullmatch, content.split("\n"))
    return {line[1]: line[2] for line in lines if line}


def write_carriers(carriers: Iterable[tuple[str, str]]) -> None:
    """
    Replace the file. Another process reads the old or the new one, and no part of one.

    Args:
        carriers: The code and the name of each carrier.

    Raises:
        OSError: It cannot be written.
        CommandError: The user has no home folder.
    """
    file = cache_file()
    lines = (f"{code}\t{clean(name)}" for code, name in carriers)
    content = "".join(f"{line}\n" for line in lines if _LINE.fullmatch(line))
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as partial:
        partial.write_text(content, encoding="utf-8", newline="\n")


def suggest_carrier(code: str) -> str:
    """Return a question that names a similar code, as the end of a message; empty if none is."""
    carriers = read_carriers()
    if code in carriers:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 - for errors only

    by_folded = {each.casefold(): each for each in carriers}
    near = get_close_matches(code.casefold(), by_folded, n=1)
    return f" Did you mean {by_folded[near[0]]!r}?" if near else ""
