"""
A receiver of webhooks that runs until it is killed: `python -m tests.reliability.receiver_process`.

Arguments: port, file of the event log, file of what was handled, seed.
"""

import os
import sys
import time
from random import Random
from typing import Final

import uvicorn

from trackingmore_v2.webhooks import SqliteEventLog, WebhookEvent
from trackingmore_v2.webhooks._identity import key_of
from trackingmore_v2.webhooks.asgi import WebhookApp

EMAIL: Final = "user@example.com"
LEASE: Final = 2.0
_LIMIT: Final = 0.01
"""Seconds after which the response is sent, while the handler continues."""


def main(port: int, log: str, handled: str, seed: int) -> None:
    """Receive, and note each event at the end of its handler, with this process."""
    random = Random(seed)  # noqa: S311 - not a secret
    file = os.open(handled, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def handle(event: WebhookEvent) -> None:
        time.sleep(random.uniform(0, 3 * _LIMIT))
        os.write(file, f"{key_of(event)} {os.getpid()}\n".encode())

    app = WebhookApp(
        handle, log=SqliteEventLog(log, lease=LEASE), account_email=EMAIL, timeout=_LIMIT
    )
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
