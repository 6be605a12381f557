"""Signals that end the command."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.cli.processes import COMMAND, LIMIT, process_environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a terminal of POSIX")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_terminated_process(
    environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    """The temporary file is removed, and the cursor of the terminal, which a bar hides, shown."""
    main, terminal = os.openpty()
    folder = tmp_path / "exports"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        environment["TRACKINGMORE_BASE_URL"] = f"http://127.0.0.1:{server.getsockname()[1]}/v2"
        process = subprocess.Popen(  # noqa: S603 - our own code
            [*COMMAND, "export", str(folder / "all.csv"), "--state", str(tmp_path / "state")],
            stdin=terminal,
            stdout=subprocess.DEVNULL,
            stderr=terminal,
            env={**process_environment(environment), "TERM": "xterm"},
        )
        server.settimeout(LIMIT)
        connection, _ = server.accept()
        with connection:
            connection.recv(1)
            assert list(folder.iterdir())
            process.send_signal(number)
            status = process.wait(LIMIT)
    printed = os.read(main, 2**16)
    os.close(main)
    os.close(terminal)

    assert status == (130 if number is signal.SIGINT else -number)
    assert list(folder.iterdir()) == []
    assert printed.rfind(b"\x1b[?25h") > printed.rfind(b"\x1b[?25l") >= 0


def test_nohup(environment: dict[str, str]) -> None:
    """A command that ignores hang-ups goes on to do so."""
    script = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from trackingmore_v2_cli._signals import cleaning_up\n"
        "with cleaning_up(): signal.raise_signal(signal.SIGHUP)"
    )
    finished = subprocess.run(  # noqa: S603 - our own code
        [COMMAND[0], "-c", script],
        check=False,
        timeout=LIMIT,
        env=process_environment(environment),
    )

    assert finished.returncode == 0
