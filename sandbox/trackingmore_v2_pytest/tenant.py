"""A sandbox bound to one API key."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from trackingmore_v2_sandbox.admin.python_api import AdminApi
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.server.embedded import Sandbox

T = TypeVar("T")


class Tenant(AdminApi):
    """
    A running sandbox bound to one API key, which is the default of all methods.

    Args:
        sandbox: The running sandbox.
        api_key: API key of the account, any UUID.

    Attributes:
        api_key: API key of the account.
        clock: Clock of the account.
        faults: Faults for requests of the account.
        webhooks: Webhook targets and deliveries of the account.
        account: Limits and usage of the account.
    """

    def __init__(self, sandbox: Sandbox, api_key: str) -> None:
        super().__init__()
        self.api_key: Final = api_key
        self._sandbox: AdminApi = sandbox

    @property
    def base_url(self) -> str:
        """Base URL of the API, up to and including `/v2`."""
        return self._sandbox.base_url

    def __repr__(self) -> str:
        return f"<Tenant at {self.base_url}>"

    def _run(self, act: Callable[[AdminService, str], Awaitable[T]], api_key: str | None) -> T:
        return self._sandbox._run(act, api_key or self.api_key)  # noqa: SLF001 - an AdminApi as this one
