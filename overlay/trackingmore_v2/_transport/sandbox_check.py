"""The check of `sandbox_only` clients that the server is a sandbox."""

from typing import Any, Final

from trackingmore_v2._errors import NotASandbox
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import API_KEY_HEADER, Call
from trackingmore_v2_api.operations.account import get_account

HEADER: Final = "X-Sandbox"
"""Has the value `1` in each response of a sandbox."""

# Headers of a call replace those of the transport, so the key is really left out.
PROBE: Final[Call[Any]] = get_account.OPERATION.call(headers={API_KEY_HEADER: ""})
"""A request without the API key, safe to send to any server; an error response is fine too."""


class SandboxCheck:
    """The result of the latest check, shared by all clients over the same connections."""

    def __init__(self, base_url: str) -> None:
        self.is_confirmed = False
        self._base_url = base_url

    def require(self, response: Response, call: Call[Any], *, in_doubt: bool) -> None:
        """
        Remember whether a response came from a sandbox.

        Args:
            response: The response.
            call: The call that is to be sent, or was.
            in_doubt: Whether it was sent.

        Raises:
            NotASandbox: The response came from another server.
        """
        self.is_confirmed = response.headers.get(HEADER) == "1"
        if not self.is_confirmed:
            status, operation = response.status, call.operation.id
            raise NotASandbox(operation, self._base_url, status, in_doubt=in_doubt)
