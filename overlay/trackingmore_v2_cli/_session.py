"""What a command works with: the client, the output, and questions to the user."""

from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

import click

from trackingmore_v2_cli._errors import MissingExtra
from trackingmore_v2_cli._output.output import JsonMode, Output
from trackingmore_v2_cli._questions import ask
from trackingmore_v2_cli._rate_limit import shared_limiter

if TYPE_CHECKING:
    from trackingmore_v2 import Hooks, TrackingMore
    from trackingmore_v2.hooks import ResponseEvent
    from trackingmore_v2_cli._credentials import Credentials


class Session:
    """
    The run of one command. It opens the client when that is first used.

    Args:
        profile: Name of the profile. Default: the one in use.
        base_url: The server. Default: that of the profile or the environment, or the live API.
        sandbox: Whether to start a sandbox for this command. Default: False.
        json: How records are printed as JSON. Default: None, as text.
        fields: Names of the fields to print. Default: those of the command.
        quiet: Whether only results and errors are printed. Default: False.
        verbose: Whether requests are shown. Default: False.

    Attributes:
        out: The output of the command.
    """

    def __init__(  # noqa: PLR0913 - each is an option
        self,
        *,
        profile: str | None = None,
        base_url: str | None = None,
        sandbox: bool = False,
        json: JsonMode | None = None,
        fields: tuple[str, ...] = (),
        quiet: bool = False,
        verbose: bool = False,
    ) -> None:
        if sandbox and (profile or base_url):
            raise click.UsageError("--sandbox excludes --profile and --base-url")
        self._profile = profile
        self._base_url = base_url
        self._uses_sandbox = sandbox
        self._closing = ExitStack()
        self.out: Final = Output(json, fields, quiet=quiet, verbose=verbose)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.close()

    @cached_property
    def credentials(self) -> "Credentials":
        """The key and the server. With `--sandbox`, a sandbox is started."""
        from trackingmore_v2_cli import _credentials  # noqa: PLC0415 - imported on use

        if not self._uses_sandbox:
            return _credentials.find_credentials(self._profile, self._base_url)
        try:
            from trackingmore_v2_sandbox import Sandbox  # noqa: PLC0415 - an extra
        except ModuleNotFoundError as missing:
            raise MissingExtra(missing, "sandbox") from None
        sandbox = self._closing.enter_context(Sandbox())
        return _credentials.Credentials(
            api_key=sandbox.api_key,
            source="the sandbox of this command",
            base_url=sandbox.base_url,
            is_sandbox=True,
        )

    @cached_property
    def client(self) -> "TrackingMore":
        """The client."""
        credentials = self.credentials  # Checked before the client is imported.
        from trackingmore_v2 import TrackingMore  # noqa: PLC0415 - slow to import

        client = TrackingMore(
            credentials.api_key,
            base_url=credentials.base_url,
            hooks=self.hooks,
            limiter=shared_limiter(credentials.base_url),
        )
        return self._closing.enter_context(client)

    @property
    def hooks(self) -> "Hooks | None":
        """What shows the requests of a client, with `--verbose`."""
        from trackingmore_v2 import Hooks  # noqa: PLC0415 - slow to import

        return Hooks(on_response=self._show_response) if self.out.verbose else None

    def confirm(self, action: str, *, yes: bool) -> None:
        """
        Ask before something that costs quota or deletes, naming the account and its key's source.

        Nothing is asked for a sandbox that this command started.

        Args:
            action: What will be done, such as "create 3 trackings, which costs 3 of the quota".
            yes: Whether the user has confirmed with `--yes`.

        Raises:
            CommandError: There is no terminal to ask on, or the user said no. Nothing was sent.
        """
        credentials = self.credentials
        account = (
            f"account {credentials.account} at {credentials.server}, key from {credentials.source}"
        )
        if yes or credentials.is_sandbox:
            self.out.note(f"{action[0].upper()}{action[1:]} ({account}).")
            return
        ask(action, account)

    def _show_response(self, event: "ResponseEvent") -> None:
        request = event.request
        outcome = event.error or "ok"
        code = f" {event.code}" if event.code else ""
        status = f"HTTP {event.status}" if event.status else "no response"
        self.out.note(
            f"{request.method} {request.url_template} "
            f"[{request.operation}, attempt {request.attempt}]: "
            f"{status}, {outcome}{code}, {event.seconds:.2f} s"
        )
