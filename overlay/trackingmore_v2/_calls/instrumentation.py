"""Reports to hooks and the log. They never contain an API key, a tracking number or a body."""

import logging
from collections.abc import Sequence
from typing import Any, Final

from trackingmore_v2._calls.drift import find_drift
from trackingmore_v2._config import Config
from trackingmore_v2._errors import ApiError, TrackingMoreError
from trackingmore_v2.hooks import AdoptionEvent, AttemptEvent, DriftEvent, Hooks, ResponseEvent
from trackingmore_v2_api import Call, Repair

LOGGER: Final = logging.getLogger("trackingmore_v2")
# Without a handler, Python would print the warnings of a program that has no logging set up.
LOGGER.addHandler(logging.NullHandler())

MAX_LOGGED_REPAIRS: Final = 20
"""Repairs of one response that are logged one by one; there may be 100,000."""


class Observer:
    """Reports the events of calls to hooks and the log."""

    def __init__(self, hooks: Hooks, config: Config) -> None:
        self.hooks = hooks
        self._config = config

    def attempt(self, call: Call[Any], number: int, waited: float) -> AttemptEvent:
        """
        Report that a request is about to be sent, and return the event.

        Args:
            call: The call.
            number: Number of the attempt within its call, from 1.
            waited: Seconds waited before it.
        """
        # The template of the URL, since the URL itself contains the tracking number.
        event = AttemptEvent(
            operation=call.operation.id,
            method=call.operation.method,
            url_template=self._config.path + call.operation.path,
            server_address=self._config.host,
            server_port=self._config.port,
            attempt=number,
            waited=waited,
        )
        if self.hooks.on_attempt:
            self.hooks.on_attempt(event)
        LOGGER.debug("%s: sending, attempt %d", event.operation, number)
        return event

    def response(
        self,
        attempt: AttemptEvent,
        seconds: float,
        status: int | None,
        error: TrackingMoreError | None = None,
    ) -> None:
        """Report the outcome of an attempt."""
        event = ResponseEvent(
            request=attempt,
            seconds=seconds,
            status=status,
            code=error.code if isinstance(error, ApiError) else None,
            error=type(error).__name__ if error else None,
        )
        outcome = (event.error or "done", event.status, event.code, event.seconds)
        LOGGER.debug("%s: %s, HTTP %s, code %s, %.3f s", event.operation, *outcome)
        if self.hooks.on_response:
            self.hooks.on_response(event)

    def quota_used_up(self, call: Call[Any]) -> None:
        """Report that a call is not retried, since the retry quota is used up."""
        LOGGER.debug("%s: not retried, too many recent calls failed", call.operation.id)

    def adoption(self, call: Call[Any], trackings: int) -> None:
        """Report how many trackings a call adopted, which its lost attempts created."""
        what = "%s: adopted trackings that an attempt without a response created: %d"
        LOGGER.info(what, call.operation.id, trackings)
        if self.hooks.on_adoption:
            self.hooks.on_adoption(AdoptionEvent(operation=call.operation.id, trackings=trackings))

    def repairs(self, call: Call[Any], repairs: Sequence[Repair]) -> None:
        """Report the places in which a response was repaired: all to the hook, few to the log."""
        operation = call.operation.id
        for repair in repairs[:MAX_LOGGED_REPAIRS]:
            LOGGER.warning("%s: %s: %s", operation, repair.path, repair.problem)
        if len(repairs) > MAX_LOGGED_REPAIRS:
            more = len(repairs) - MAX_LOGGED_REPAIRS
            LOGGER.warning("%s: %d more repairs of this response", operation, more)
        for repair in repairs:
            self._report_drift(call, repair.path, repair.problem)

    def drift(self, call: Call[Any], body: bytes) -> None:
        """Report what a response contains beyond the contract, if there is a hook for it."""
        # Without a hook the body is not decoded a second time.
        if self.hooks.on_drift:
            for path, problem in find_drift(body, call.operation.response):
                self._report_drift(call, path, problem)

    def _report_drift(self, call: Call[Any], path: str, problem: str) -> None:
        if self.hooks.on_drift:
            self.hooks.on_drift(DriftEvent(operation=call.operation.id, path=path, problem=problem))
