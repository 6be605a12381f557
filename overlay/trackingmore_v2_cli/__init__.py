"""
The command `trackingmore-v2`.

A separate package, so that the client does not depend on click or the sandbox.

    commands/            one module for each command
    _app.py              the command group, and the table of its commands
    _command.py          a command: its common options, its examples, its help
    _session.py          what a command works with: client, output, questions
    _output/             tables, JSON and messages

    _credentials.py      the API key and the server, and where they come from
    _profiles/           stored keys: the settings, the key file and the keyring
    _rate_limit.py       the rate limit that commands share
    _secrets.py          keys, which no message may contain
    _variables.py        the environment variables
    _folders.py          the folders of settings, state and cache

    _options.py, _times.py, _details.py, _carrier_details.py, _filters.py    options
    _references.py, _reference_tables.py, _inputs.py    trackings and other input of the user
    _batch.py            changes of many trackings, and what became of each
    _detection.py        carriers of numbers that were given without one
    _carrier_cache.py    carriers for completion and suggestions
    _questions.py        questions to the user
    _tables/             files of rows
    _files.py            files that are replaced only when they are complete
    _importing/, _export_state.py, _tracking/, _watching/, _webhook/, _sandbox/, _completion/
                         what single commands do

    _statuses.py         exit statuses
    _errors.py           errors that end a command with one line
    _client_errors.py    sentences for errors of the client
    _failures.py         the line that reports an error
    _signals.py          signals that end the command
    _streams.py          the standard streams
    _help_topics.py      topics of `help`
    _words.py            words of messages
"""

import os.path
import sys


def main(*command: str) -> None:
    """
    Run the command, and exit with its status.

    Args:
        *command: Arguments that stand before those of the command line. Default: none.
    """
    try:
        raise SystemExit(_run([*command, *sys.argv[1:]]))
    except KeyboardInterrupt:  # before the command began, or after its end
        raise SystemExit(130) from None


def _run(arguments: list[str]) -> int:
    # Without click, which takes three times as long to import as Python to start.
    if arguments == ["--version"] and _print_version():
        return 0
    try:
        from trackingmore_v2_cli._app import run  # noqa: PLC0415 - click is an extra
    except ModuleNotFoundError as missing:
        sys.stderr.write(
            f"trackingmore-v2: {missing.name} is not installed; "
            "run: python3 -m pip install 'trackingmore-v2[cli]'\n"
        )
        return 2
    from trackingmore_v2_cli._signals import cleaning_up  # noqa: PLC0415 - slow to import

    with cleaning_up():
        return run(arguments)


def _print_version() -> bool:
    """Return whether the version was printed; if not, the command reports why."""
    try:
        print(read_version(), flush=True)  # noqa: T201 - the output
    except OSError:
        return False
    return sys.stdout is not None


def read_version() -> str:
    """Return the version, without importing the client, of which it is a module."""
    packages = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - pathlib is slow to import
    names: dict[str, str] = {}
    with open(f"{packages}/trackingmore_v2/_version.py", encoding="utf-8") as source:  # noqa: PTH123 - likewise
        exec(source.read(), names)  # noqa: S102 - our own module
    return names["__version__"]
