"""Words of messages."""


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, such as "3 trackings"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
