"""Reports to hooks and the log. They never contain an API key, a tracking number or a body."""

import logging
from typing import Any, Final

from msgspec import Struct

from trackingmore_v2._calls.drift import Drift, find_drift
from trackingmore_v2._config import Config
from trackingmore_v2._errors import ApiError, TrackingMoreError
from trackingmore_v2.hooks import AttemptEvent, DriftEvent, Hooks, ResponseEvent
from trackingmore_v2_api import Call, Repair

LOGGER: Final = logging.getLogger("trackingmore_v2")
# Without a handler, Python would print the warnings of a program that has no logging set up.
LOGGER.addHandler(logging.NullHandler())


class Attempt(Struct, frozen=True):
    """One HTTP request of a call."""

    number: int
    """Number of the attempt within its call, from 1."""

    waited: float
    """Seconds waited before it."""


class Observer:
    """Reports the events of calls to hooks and the log."""

    def __init__(self, hooks: Hooks, config: Config) -> None:
        self.hooks = hooks
        self._config = config

    def attempt(self, call: Call[Any], attempt: Attempt) -> None:
        """Report that a request is about to be sent."""
        if self.hooks.on_attempt:
            self.hooks.on_attempt(self._attempt_event(call, attempt))
        LOGGER.debug("%s: sending, attempt %d", call.operation.id, attempt.number)

    def response(
        self,
        call: Call[Any],
        attempt: Attempt,
        seconds: float,
        status: int | None,
        error: TrackingMoreError | None,
    ) -> None:
        """Report the outcome of an attempt."""
        if not self.hooks.on_response and not LOGGER.isEnabledFor(logging.DEBUG):
            return
        event = ResponseEvent(
            request=self._attempt_event(call, attempt),
            seconds=seconds,
            status=status,
            code=error.code if isinstance(error, ApiError) else None,
            error=type(error).__name__ if error else None,
        )
        outcome = (event.error or "done", event.status, event.code, event.seconds)
        LOGGER.debug("%s: %s, HTTP %s, code %s, %.3f s", event.operation, *outcome)
        if self.hooks.on_response:
            self.hooks.on_response(event)

    def repair(self, call: Call[Any], repair: Repair) -> None:
        """Report that a response was repaired in one place."""
        LOGGER.warning("%s: %s: %s", call.operation.id, repair.path, repair.problem)
        self._report_drift(call, Drift(repair.path, repair.problem))

    def drift(self, call: Call[Any], body: bytes) -> None:
        """Report what a response contains beyond the contract, if there is a hook for it."""
        # Without a hook the body is not decoded a second time.
        if self.hooks.on_drift:
            for drift in find_drift(body, call.operation.response):
                self._report_drift(call, drift)

    def _report_drift(self, call: Call[Any], drift: Drift) -> None:
        if self.hooks.on_drift:
            operation = call.operation.id
            self.hooks.on_drift(
                DriftEvent(operation=operation, path=drift.path, problem=drift.problem)
            )

    def _attempt_event(self, call: Call[Any], attempt: Attempt) -> AttemptEvent:
        return AttemptEvent(
            operation=call.operation.id,
            method=call.operation.method,
            url_template=self._config.path + call.operation.path,
            server_address=self._config.host,
            server_port=self._config.port,
            attempt=attempt.number,
            waited=attempt.waited,
        )
