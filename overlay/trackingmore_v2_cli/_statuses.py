"""Exit statuses, and the status for each error."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final, TypeVar

ValueT = TypeVar("ValueT")
OtherT = TypeVar("OtherT")


class ExitStatus(IntEnum):
    """The statuses with which a command ends."""

    SUCCESS = 0
    REJECTED = 1
    USAGE = 2
    TRANSPORT = 3
    PARTIAL = 4
    KEY = 5
    NOT_FOUND = 6
    QUOTA = 7
    TIME_IS_UP = 124
    INTERRUPTED = 130
    BROKEN_PIPE = 141


MEANINGS: Final = {
    ExitStatus.SUCCESS: "success",
    ExitStatus.REJECTED: "the API rejected the request, or another error occurred",
    ExitStatus.USAGE: "an argument, a file or a setting is invalid; nothing was sent",
    ExitStatus.TRANSPORT: "no usable response: no connection, a timeout, or a failed server",
    ExitStatus.PARTIAL: "some rows were rejected; the others were processed",
    ExitStatus.KEY: "the API key is missing, or not accepted",
    ExitStatus.NOT_FOUND: "there is no such tracking, or nothing matches",
    ExitStatus.QUOTA: "the quota is exhausted, or the rate limit was exceeded",
    ExitStatus.TIME_IS_UP: "the time of `watch --for` ran out",
    ExitStatus.INTERRUPTED: "interrupted by Ctrl-C",
    ExitStatus.BROKEN_PIPE: "the reader of the output closed the pipe",
}

_BY_NAME: Final = {
    # Each class counts for its subclasses, unless they are listed themselves.
    "TrackingMoreError": ExitStatus.REJECTED,
    "SandboxError": ExitStatus.USAGE,
    "InvalidInput": ExitStatus.USAGE,
    "ConfigurationError": ExitStatus.USAGE,
    "JournalMismatch": ExitStatus.USAGE,
    "TransportError": ExitStatus.TRANSPORT,
    "LimiterUnavailable": ExitStatus.TRANSPORT,
    "ContractBroken": ExitStatus.TRANSPORT,
    "ServerFailed": ExitStatus.TRANSPORT,
    "BatchRejected": ExitStatus.PARTIAL,
    "InvalidKey": ExitStatus.KEY,
    "AccessDenied": ExitStatus.KEY,
    "TrackingNotFound": ExitStatus.NOT_FOUND,
    "NoResult": ExitStatus.NOT_FOUND,
    "CarrierNotDetected": ExitStatus.NOT_FOUND,
    "QuotaExhausted": ExitStatus.QUOTA,
    "RateLimited": ExitStatus.QUOTA,
    "BudgetExceeded": ExitStatus.QUOTA,
}
"""By name of the error class: importing the client would slow down every command."""


def status_of(kind: type[BaseException]) -> ExitStatus:
    """Return the exit status for a class of errors."""
    return by_class(_BY_NAME, kind, ExitStatus.REJECTED)


def is_expected(kind: type[BaseException]) -> bool:
    """Return whether the client or the sandbox defines a class of errors."""
    return by_class(_BY_NAME, kind, None) is not None


def by_class(
    table: Mapping[str, ValueT], kind: type[BaseException], default: OtherT
) -> ValueT | OtherT:
    """Return what a table has for the name of a class of this project, or of its nearest base."""
    # Libraries have classes of the same names.
    own = (each.__name__ for each in kind.__mro__ if each.__module__.startswith("trackingmore_v2"))
    return next((table[name] for name in own if name in table), default)
