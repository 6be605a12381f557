"""What can be set about a sandbox."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the sandbox answers."""

    quota: int = 1_000_000
    """Trackings that each account may create."""

    max_body_bytes: int = 10 * 1024 * 1024
    """A longer request body is not read, and refused as unreadable."""

    email: str = "user@example.com"
    """The accounts' e-mail address; webhooks are signed with it."""

    webhook_hosts: frozenset[str] = frozenset()
    """
    Where webhooks may go besides this machine: names of hosts, addresses, networks like
    `10.1.0.0/16`, or `*` for all that is public.
    """

    webhook_private: bool = False
    """Whether webhooks may go to all private addresses, and to all names that lead to them."""

    webhook_attempts: int = 14
    """How often a delivery is tried at most. Each pause is twice as long as the one before."""

    webhook_timeout: float = 10.0
    """Seconds that a receiver may take to answer, at most 30."""
