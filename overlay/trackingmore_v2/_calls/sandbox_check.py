"""How a server shows that it is a sandbox, for clients that speak to no other."""

from typing import Any, Final

from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import API_KEY_HEADER, Call
from trackingmore_v2_api.operations.account import get_account

HEADER: Final = "X-Sandbox"
"""Says `1` in each answer of a sandbox."""

PROBE: Final[Call[Any]] = get_account.OPERATION.call(headers={API_KEY_HEADER: ""})
"""Goes out without the key, so that every server may hear it: any refusal is an answer."""


class SandboxCheck:
    """What the newest answer said, for all who share the connections of a client."""

    def __init__(self) -> None:
        self.is_given = False

    def take(self, response: Response) -> bool:
        """Look whether an answer is one of a sandbox."""
        self.is_given = response.headers.get(HEADER) == "1"
        return self.is_given
