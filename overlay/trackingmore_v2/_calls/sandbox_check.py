"""The check of `sandbox_only` clients that the server is a sandbox."""

from typing import Any, Final

from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import API_KEY_HEADER, Call
from trackingmore_v2_api.operations.account import get_account

HEADER: Final = "X-Sandbox"
"""Has the value `1` in each response of a sandbox."""

PROBE: Final[Call[Any]] = get_account.OPERATION.call(headers={API_KEY_HEADER: ""})
"""A request without the API key, safe to send to any server; an error response is fine too."""


class SandboxCheck:
    """The result of the latest check, shared by all clients over the same connections."""

    def __init__(self) -> None:
        self.is_confirmed = False

    def check(self, response: Response) -> bool:
        """Return whether a response came from a sandbox, and remember it."""
        self.is_confirmed = response.headers.get(HEADER) == "1"
        return self.is_confirmed
