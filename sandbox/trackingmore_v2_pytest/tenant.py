"""A sandbox as the owner of one API key has it."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from trackingmore_v2_sandbox.admin import AdminApi, AdminService
from trackingmore_v2_sandbox.server.embedded import Sandbox

T = TypeVar("T")


class Tenant(AdminApi):
    """
    A running sandbox as the owner of one API key has it: all that is done concerns that key.

    Args:
        sandbox: The sandbox.
        api_key: Any UUID.

    Attributes:
        api_key: The key.
        base_url: Where the API is, up to and including `/v2`.
        clock: The time of the account.
        faults: What goes wrong with its requests.
        webhooks: Who is told of its news.
        account: What it may do, and has used.
    """

    def __init__(self, sandbox: Sandbox, api_key: str) -> None:
        super().__init__()
        self.api_key: Final = api_key
        self.base_url: Final = sandbox.base_url
        self._sandbox: AdminApi = sandbox

    def _run(self, act: Callable[[AdminService, str], Awaitable[T]], api_key: str | None) -> T:
        return self._sandbox._run(act, api_key or self.api_key)  # noqa: SLF001 - it is of our kind
