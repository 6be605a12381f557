"""
The protocol of rate limiters, which the client drives, and users may implement.

    slot = limiter.reserve(account, operation)
    while slot.delay:
        sleep(slot.delay)
        slot = limiter.reserve(account, operation, held=slot)
    send()

A slot that is not used is released, and after a rate-limit response the account is blocked. Each
method has an awaited form, since one limiter may serve sync and async clients at the same time.
"""

from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from trackingmore_v2_api import Operation


class Slot(Struct, frozen=True, kw_only=True):
    """A moment at which one request may be sent."""

    account: str
    """The account that the slot was reserved for."""

    operation: Operation[Any]
    """The operation that the slot was reserved for."""

    delay: float
    """Seconds to wait before the slot is reserved again as the one that is held; 0 to send now."""

    at: float
    """Time of the slot, in seconds of the limiter's clock."""

    epoch: str = ""
    """State of the limiter in which the slot was reserved; it is void in any other."""


@runtime_checkable
class RateLimiter(Protocol):
    """
    A rate limiter.

    An account is named by a digest of its API key. Implementations are called from several threads
    and event loops at the same time.
    """

    def reserve(
        self,
        account: str,
        operation: Operation[Any],
        latest: float | None = None,
        held: Slot | None = None,
    ) -> Slot | None:
        """
        Reserve the next free slot, or check the slot that the caller has waited for.

        Args:
            account: The account.
            operation: The operation to be called.
            latest: Maximum delay of the slot in seconds. Default: no limit.
            held: The slot that the caller has waited for. If it is still valid, it is returned with
                a delay of 0; otherwise another one is reserved in its place. Default: none.

        Returns:
            The slot; None if its delay would exceed `latest`, and nothing is reserved.

        Raises:
            LimiterUnavailable: The store of the limiter cannot be reached.
        """
        ...  # pragma: no cover - a protocol

    def release(self, slot: Slot) -> None:
        """
        Release a slot that is not used, so that other callers can reserve it.

        Args:
            slot: The slot.
        """
        ...  # pragma: no cover - a protocol

    def block(self, account: str, seconds: float) -> None:
        """
        Void all slots of an account that are due within the next seconds.

        Args:
            account: The account.
            seconds: The time in seconds. A block that ends earlier than a previous one has no
                effect.

        Raises:
            LimiterUnavailable: The store of the limiter cannot be reached.
        """
        ...  # pragma: no cover - a protocol

    async def reserve_async(
        self,
        account: str,
        operation: Operation[Any],
        latest: float | None = None,
        held: Slot | None = None,
    ) -> Slot | None:
        """
        Reserve a slot as `reserve()` does.

        Args:
            account: The account.
            operation: The operation to be called.
            latest: Maximum delay of the slot in seconds. Default: no limit.
            held: The slot that the caller has waited for. Default: none.

        Returns:
            The slot, or None.

        Raises:
            LimiterUnavailable: The store of the limiter cannot be reached.
        """
        ...  # pragma: no cover - a protocol

    async def release_async(self, slot: Slot) -> None:
        """
        Release a slot as `release()` does, also in a task that is being cancelled.

        Args:
            slot: The slot.
        """
        ...  # pragma: no cover - a protocol

    async def block_async(self, account: str, seconds: float) -> None:
        """
        Block an account as `block()` does.

        Args:
            account: The account.
            seconds: The time in seconds.

        Raises:
            LimiterUnavailable: The store of the limiter cannot be reached.
        """
        ...  # pragma: no cover - a protocol
