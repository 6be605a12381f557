"""
The command `trackingmore-v2`.

A separate package, so that the client does not depend on click or the sandbox.

    _app.py          the command group, and the table of its commands
    _command.py      a command: its common options, its examples, its help
    _session.py      what a command works with: client, output, questions
    _credentials.py  the API key and the server, and where they come from
    _statuses.py     exit statuses
    _output/         tables, JSON and messages
    _sandbox/        control of a sandbox that runs
    _webhook/        webhooks: a server, kept requests, signatures
    commands/        one module for each command
"""

import os.path
import sys


def main(*command: str) -> None:
    """
    Run the command, and exit with its status.

    Args:
        *command: Arguments that stand before those of the command line. Default: none.
    """
    arguments = [*command, *sys.argv[1:]]
    # Without click, which takes three times as long to import as Python to start.
    if arguments == ["--version"]:
        sys.stdout.write(f"{read_version()}\n")
        return
    try:
        from trackingmore_v2_cli._app import run  # noqa: PLC0415 - click is an extra
    except ModuleNotFoundError as missing:
        sys.stderr.write(
            f"trackingmore-v2: {missing.name} is not installed; "
            "run: python3 -m pip install 'trackingmore-v2[cli]'\n"
        )
        raise SystemExit(2) from None
    raise SystemExit(run(arguments))


def read_version() -> str:
    """Return the version, without importing the client, of which it is a module."""
    packages = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - pathlib is slow to import
    names: dict[str, str] = {}
    with open(f"{packages}/trackingmore_v2/_version.py", encoding="utf-8") as source:  # noqa: PTH123 - likewise
        exec(source.read(), names)  # noqa: S102 - our own module
    return names["__version__"]
