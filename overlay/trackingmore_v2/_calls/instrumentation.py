"""Tells hooks and log what a flow does; nothing of it holds a key, a number or a body."""

import logging
from typing import Any, Final

from msgspec import Struct

from trackingmore_v2._calls.drift import Drift, unknown
from trackingmore_v2._config import Config
from trackingmore_v2._errors import ApiError, TrackingMoreError
from trackingmore_v2.hooks import AttemptEvent, DriftEvent, Hooks, ResponseEvent
from trackingmore_v2_api import Call, Repair

LOGGER: Final = logging.getLogger("trackingmore_v2")
LOGGER.addHandler(logging.NullHandler())


class Attempt(Struct, frozen=True):
    """One of the times that a call is sent."""

    number: int
    """From 1."""

    waited: float
    """Seconds waited before it."""


class Observer:
    """Tells hooks and log what a flow does."""

    def __init__(self, hooks: Hooks, config: Config) -> None:
        self.hooks = hooks
        self._config = config

    def attempt(self, call: Call[Any], attempt: Attempt) -> None:
        """Tell that a call is about to be sent."""
        if self.hooks.on_attempt:
            self.hooks.on_attempt(self._attempt(call, attempt))
        LOGGER.debug("%s: sending, attempt %d", call.operation.id, attempt.number)

    def response(
        self,
        call: Call[Any],
        attempt: Attempt,
        seconds: float,
        status: int | None,
        error: TrackingMoreError | None,
    ) -> None:
        """Tell how an attempt ended."""
        if not self.hooks.on_response and not LOGGER.isEnabledFor(logging.DEBUG):
            return
        event = ResponseEvent(
            request=self._attempt(call, attempt),
            seconds=seconds,
            status=status,
            code=error.code if isinstance(error, ApiError) else None,
            error=type(error).__name__ if error else None,
        )
        ending = (event.error or "done", event.status, event.code, event.seconds)
        LOGGER.debug("%s: %s, HTTP %s, code %s, %.3f s", event.operation, *ending)
        if self.hooks.on_response:
            self.hooks.on_response(event)

    def repair(self, call: Call[Any], repair: Repair) -> None:
        """Tell that an answer was mended in one place."""
        LOGGER.warning("%s: %s: %s", call.operation.id, repair.path, repair.problem)
        self._drift(call, Drift(repair.path, repair.problem))

    def drift(self, call: Call[Any], body: bytes) -> None:
        """Look for what an answer holds beyond the contract, if somebody wants to know."""
        if self.hooks.on_drift:
            for drift in unknown(body, call.operation.response):
                self._drift(call, drift)

    def _drift(self, call: Call[Any], drift: Drift) -> None:
        if self.hooks.on_drift:
            operation = call.operation.id
            self.hooks.on_drift(
                DriftEvent(operation=operation, path=drift.path, problem=drift.problem)
            )

    def _attempt(self, call: Call[Any], attempt: Attempt) -> AttemptEvent:
        return AttemptEvent(
            operation=call.operation.id,
            method=call.operation.method,
            url_template=self._config.path + call.operation.path,
            server_address=self._config.host,
            server_port=self._config.port,
            attempt=attempt.number,
            waited=attempt.waited,
        )
