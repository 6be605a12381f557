"""
Seeing what a client does: hooks, and one logger.

    def slow(event: ResponseEvent) -> None:
        if event.seconds > 5:
            print(event.operation, event.seconds)

    client = TrackingMore(hooks=Hooks(on_response=slow))

Events say which operation, how it ended and how long it took. They never hold the key, a tracking
number, or anything of a body. `attributes` gives the same under the names that OpenTelemetry's
conventions for HTTP clients use. A hook that raises makes the verb raise.

The logger is `trackingmore_v2`: attempts and answers at DEBUG, mended answers at WARNING.
"""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

Attributes: TypeAlias = dict[str, str | int | float]
"""Values by names that tracing tools know."""


class AttemptEvent(Struct, frozen=True, kw_only=True):
    """A request is about to be sent."""

    operation: str
    """Id in the contract, such as `createTracking`."""

    method: str
    """HTTP method."""

    url_template: str
    """Path with the names of its parameters, not their values."""

    server_address: str
    """Host of the base URL."""

    server_port: int
    """Port of the base URL."""

    attempt: int = 1
    """From 1; more than that is a repeat."""

    waited: float = 0.0
    """Seconds waited before it: for its turn, or because the attempt before it failed."""

    @property
    def attributes(self) -> Attributes:
        """The event under OpenTelemetry's names."""
        return {
            "http.request.method": self.method,
            "http.request.resend_count": self.attempt - 1,
            "server.address": self.server_address,
            "server.port": self.server_port,
            "url.template": self.url_template,
            "trackingmore.operation": self.operation,
        }


class ResponseEvent(Struct, frozen=True, kw_only=True):
    """A request came to an end: with an answer, with a refusal, or without an answer."""

    request: AttemptEvent
    """The request."""

    seconds: float
    """Seconds from sending it to its end."""

    status: int | None = None
    """HTTP status; None when no answer came."""

    code: int | None = None
    """`meta.code` of a refusal; None on success and without an envelope."""

    error: str | None = None
    """Name of the error class; None on success."""

    @property
    def operation(self) -> str:
        """Id in the contract."""
        return self.request.operation

    @property
    def attributes(self) -> Attributes:
        """The event under OpenTelemetry's names."""
        found: dict[str, str | int | float | None] = {
            "http.response.status_code": self.status,
            "error.type": self.error,
            "trackingmore.meta.code": self.code,
        }
        given = {name: value for name, value in found.items() if value is not None}
        return {**self.request.attributes, **given}


class DriftEvent(Struct, frozen=True, kw_only=True):
    """An answer does not fit the contract in one place, and was read all the same."""

    operation: str
    """Id in the contract."""

    path: str
    """Where, such as `$.data.items[].x_new`, with positions and map keys left out."""

    problem: str
    """What is new there; never a value, but for a new word of a vocabulary."""

    @property
    def attributes(self) -> Attributes:
        """The event under names of our own."""
        return {
            "trackingmore.operation": self.operation,
            "trackingmore.drift.path": self.path,
            "trackingmore.drift.problem": self.problem,
        }


class Hooks(Struct, frozen=True, kw_only=True):
    """
    Functions to be called while a client works, in the thread or task that called the verb.

    Args:
        on_attempt: Told of each request before it is sent. Default: nobody is told.
        on_response: Told of each request when it has ended. Default: nobody is told.
        on_drift: Told of what an answer holds beyond the contract. Default: nobody looks for it,
            and reading an answer costs nothing more.
    """

    on_attempt: Callable[[AttemptEvent], object] | None = None
    on_response: Callable[[ResponseEvent], object] | None = None
    on_drift: Callable[[DriftEvent], object] | None = None
