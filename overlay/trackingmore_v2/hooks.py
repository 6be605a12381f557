"""
Hooks for attempts, responses, adoptions and drift, with events for logging and tracing.

    def log_slow(event: ResponseEvent) -> None:
        if event.seconds > 5:
            print(event.operation, event.seconds)

    client = TrackingMore(hooks=Hooks(on_response=log_slow))

Events contain the operation, its outcome and its duration, and never the API key, a tracking number
or a body. Their `attributes` follow OpenTelemetry's semantic conventions for HTTP clients. An
exception that a hook raises is raised by the method that was called.

The logger is `trackingmore_v2`: attempts and responses at DEBUG, adoptions at INFO, repairs of
responses at WARNING, the first 20 of each response.
If you pass an `http_client`, httpx2 also logs each URL, with its tracking numbers, at INFO.
"""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from trackingmore_v2._errors import ConfigurationError

Attributes: TypeAlias = dict[str, str | int | float]
"""Attributes of a span or a log record, by name."""


class AttemptEvent(Struct, frozen=True, kw_only=True):
    """Event before a request is sent."""

    operation: str
    """Operation ID in the contract, such as `createTracking`."""

    method: str
    """HTTP method."""

    url_template: str
    """Path with the names of its parameters instead of their values."""

    server_address: str
    """Host of the base URL."""

    server_port: int
    """Port of the base URL."""

    attempt: int = 1
    """Number of the attempt, from 1; any other is a retry."""

    waited: float = 0.0
    """Seconds waited before the request, for the rate limit or the delay of a retry."""

    @property
    def attributes(self) -> Attributes:
        """The event as attributes, named by OpenTelemetry's conventions."""
        return {
            "http.request.method": self.method,
            "http.request.resend_count": self.attempt - 1,
            "server.address": self.server_address,
            "server.port": self.server_port,
            "url.template": self.url_template,
            "trackingmore.operation": self.operation,
        }


class ResponseEvent(Struct, frozen=True, kw_only=True):
    """Event after a request: a success, an error of the API, or no response."""

    request: AttemptEvent
    """The event of the same request before it was sent."""

    seconds: float
    """Seconds from sending the request to its outcome."""

    status: int | None = None
    """HTTP status; None without a response."""

    code: int | None = None
    """`meta.code` of an error; None on success or without an envelope."""

    error: str | None = None
    """Name of the error class; None on success."""

    @property
    def operation(self) -> str:
        """Operation ID in the contract."""
        return self.request.operation

    @property
    def attributes(self) -> Attributes:
        """The event as attributes, named by OpenTelemetry's conventions."""
        optional: dict[str, str | int | float | None] = {
            "http.response.status_code": self.status,
            "error.type": self.error,
            "trackingmore.meta.code": self.code,
        }
        present = {name: value for name, value in optional.items() if value is not None}
        return {**self.request.attributes, **present}


class AdoptionEvent(Struct, frozen=True, kw_only=True):
    """
    Event for trackings that a create call adopted: an attempt without a response created them.

    It follows the responses of the call and of the lookup that found them.
    """

    operation: str
    """Operation ID of the create in the contract."""

    trackings: int
    """Number of trackings adopted, at least 1."""

    @property
    def attributes(self) -> Attributes:
        """The event as attributes, named by this package."""
        return {
            "trackingmore.operation": self.operation,
            "trackingmore.adoption.trackings": self.trackings,
        }


class DriftEvent(Struct, frozen=True, kw_only=True):
    """Event for one place where a response deviates from the contract but could be parsed."""

    operation: str
    """Operation ID in the contract."""

    path: str
    """Path such as `$.data.items[].x_new`, without list positions and map keys."""

    problem: str
    """The deviation; contains no value, except for an unknown enum value."""

    @property
    def attributes(self) -> Attributes:
        """The event as attributes, named by this package."""
        return {
            "trackingmore.operation": self.operation,
            "trackingmore.drift.path": self.path,
            "trackingmore.drift.problem": self.problem,
        }


class Hooks(Struct, frozen=True, kw_only=True):
    """
    Callbacks of a client, called in the thread or task that called the method.

    Args:
        on_attempt: Called before each request. Default: no callback.
        on_response: Called after each request. Default: no callback.
        on_adoption: Called after a create call that adopted trackings. Default: no callback.
        on_drift: Called for each place where a response deviates from the contract: for each
            repair, of which there may be 100,000, and for up to 1,000 unknown fields and values.
            Default: no callback, and responses are not searched for unknown fields.

    Raises:
        ConfigurationError: A callback is not callable.
    """

    on_attempt: Callable[[AttemptEvent], object] | None = None
    on_response: Callable[[ResponseEvent], object] | None = None
    on_adoption: Callable[[AdoptionEvent], object] | None = None
    on_drift: Callable[[DriftEvent], object] | None = None

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            callback = getattr(self, name)
            if callback is not None and not callable(callback):
                raise ConfigurationError(f"{name} must be a function, not {callback!r}")
