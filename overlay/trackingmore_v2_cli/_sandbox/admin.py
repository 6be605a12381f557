"""Requests to the admin API of a sandbox."""

from types import TracebackType
from typing import Any, Final, Self

import httpx2
from msgspec import json

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.output import Output
from trackingmore_v2_cli._sandbox.registry import RunningSandbox
from trackingmore_v2_cli._sandbox.target import START
from trackingmore_v2_cli._secrets import mask
from trackingmore_v2_cli._statuses import ExitStatus

_CONNECT_SECONDS: Final = 5
_STATUSES: Final = {401: ExitStatus.KEY, 404: ExitStatus.NOT_FOUND}
_SERVER_ERROR: Final = 500


class Admin:
    """
    The admin API of a sandbox, for one account.

    Args:
        sandbox: The sandbox.
        api_key: Key of the account.
        out: The output, which shows requests with `--verbose`.
    """

    def __init__(self, sandbox: RunningSandbox, api_key: str, out: Output) -> None:
        self.sandbox: Final = sandbox
        self.account: Final = f"account {mask(api_key)} of the sandbox at {sandbox.base_url}"
        self._out = out
        self._client = httpx2.Client(
            base_url=f"{sandbox.base_url.removesuffix('/v2')}/_sandbox",
            headers={"X-Sandbox-Token": sandbox.token, API_KEY_HEADER: api_key},
            trust_env=False,
            # Advancing a clock waits for all receivers of webhooks.
            timeout=httpx2.Timeout(None, connect=_CONNECT_SECONDS),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Return the data of a GET request."""
        return self.send("GET", path)

    def send(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """
        Send a request, and return its data.

        Args:
            method: HTTP method.
            path: Path below `/_sandbox`.
            body: Body, sent as JSON; bytes are sent unchanged. Default: None.

        Raises:
            CommandError: The sandbox cannot be reached, or rejected the request.
        """
        content = body if isinstance(body, bytes | None) else json.encode(body)
        try:
            response = self._client.request(method, path, content=content)
        except httpx2.HTTPError as error:
            raise self._unreachable(str(error) or type(error).__name__) from error
        if self._out.verbose:
            self._out.note(f"{method} /_sandbox{path}: HTTP {response.status_code}")
        if "X-Sandbox" not in response.headers:
            raise self._unreachable("what listens there is no sandbox")
        meta = response.json()["meta"]
        if response.is_success:
            return response.json()["data"]
        raise self._rejected(response.status_code, meta["message"])

    def _unreachable(self, reason: str) -> CommandError:
        return CommandError(
            f"no sandbox responds at {self.sandbox.base_url} ({reason}); {START}",
            ExitStatus.TRANSPORT,
        )

    def _rejected(self, status: int, message: str) -> CommandError:
        if status == 401:  # noqa: PLR2004 - an HTTP status
            message = (
                f"the token is not that of the sandbox at {self.sandbox.base_url}; check "
                f"{_variables.SANDBOX_TOKEN} or --admin-token-file"
            )
        failed = ExitStatus.TRANSPORT if status >= _SERVER_ERROR else ExitStatus.REJECTED
        return CommandError(message, _STATUSES.get(status, failed))
