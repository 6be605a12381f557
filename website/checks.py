"""What the built site must not contain: dead links, and files of others."""

from collections.abc import Iterator
from pathlib import Path


def findings(site: Path) -> Iterator[str]:
    """Yield what is wrong in a site, as `page: fault`."""
    yield from ()
