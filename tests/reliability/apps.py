"""
Applications of other servers, with one client that is used before the workers are forked.

    gunicorn --preload tests.reliability.apps:application
    celery --app tests.reliability.apps:queue worker --pool prefork
"""

import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Final

from trackingmore_v2 import TrackingMore

client: Final = TrackingMore("key", base_url=os.environ["RELIABILITY_SERVER"])
client.trackings.get("ups", "WARM-UP")


def number_of(number: str) -> str:
    """Return the number in the response to a request for this number."""
    return client.trackings.get("ups", number).tracking_number


def application(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    """Respond with the number in the path, as the client has read it."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {number_of(environ['PATH_INFO'].strip('/'))}".encode()]


def _queue(broker: str) -> Any:
    # Without types of its own, and installed for these measurements only.
    queue = import_module("celery").Celery("apps", broker=broker, backend=broker)

    @queue.task(name="number_of")  # type: ignore[untyped-decorator]  # of an untyped library
    def task(number: str) -> str:
        return f"{os.getpid()} {number_of(number)}"

    return queue


if "RELIABILITY_BROKER" in os.environ:
    queue: Final = _queue(os.environ["RELIABILITY_BROKER"])
