"""What can be set about a sandbox."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the sandbox answers."""

    quota: int = 1_000_000
    """Trackings that each account may create."""

    max_body_bytes: int = 10 * 1024 * 1024
    """A longer request body is not read, and refused as unreadable."""
