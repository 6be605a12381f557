"""What can be set about a sandbox."""

from dataclasses import dataclass

from trackingmore_v2_api import RateLimit
from trackingmore_v2_sandbox.core.clock import AccountClock
from trackingmore_v2_sandbox.core.quota import LOCK_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the sandbox answers."""

    quota: int = 1_000_000
    """Trackings that each account may create."""

    rate_limited: bool = False
    """Whether rate limits hold for accounts of which nothing else was said."""

    rate_limit: RateLimit | None = None
    """How often a `rate_limited` account may call each operation; None: as the contract says."""

    lock_seconds: float = LOCK_SECONDS
    """How long an account that was too fast is refused whatever it asks."""

    strict: bool = False
    """Whether to refuse, with 4012, what the live API tolerates although it breaks the contract."""

    max_body_bytes: int = 10 * 1024 * 1024
    """A longer request body is not read, and refused as unreadable."""

    allowed_hosts: frozenset[str] = frozenset()
    """Names by which the sandbox may be called, besides those of the loopback interface."""

    log_exchanges: int = 500
    """How many of its newest exchanges are kept of each account."""

    default_clock: AccountClock | None = None
    """The clock of each account that is new, until it sets its own; None: the machine's."""

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
