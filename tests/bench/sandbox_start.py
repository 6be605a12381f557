"""
How soon a sandbox is there: for a test in this process, and as a process of its own.

A fixture is ready when pytest has set up the server, an account and a client; what it imports is
there already. A process is started, and then asked for an account until the answer is complete; its
bytecode is compiled, as after an installation. CPU time is shown beside, since other things may run
on the machine; the bars are for wall time and memory. Needs Linux.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

import pytest

from trackingmore_v2_sandbox import API_KEY

RUNS = 20
FIXTURE_BAR = 20.0
PROCESS_BAR = 400.0
MEMORY_BAR = 60.0

TEST = "def test_it(trackingmore): trackingmore.account.get()"
PLUGIN = "trackingmore_v2_pytest"
COMMAND = [sys.executable, "-c", "from trackingmore_v2_cli import main; main()", "sandbox"]
REQUEST = (
    "GET /v2/trackings/getuserinfo HTTP/1.1\r\n"
    "Host: localhost\r\n"
    f"Trackingmore-Api-Key: {API_KEY}\r\n"
    "Connection: close\r\n"
    "\r\n"
).encode()


class Took(NamedTuple):
    """What a start took."""

    wall: float
    """Milliseconds."""

    cpu: float
    """Milliseconds."""

    memory: float = 0.0
    """MB that were resident at the first answer."""


class Stopwatch:
    """A pytest plugin that measures how long the fixtures take."""

    def __init__(self) -> None:
        self.took = Took(0.0, 0.0)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self) -> Generator[None, Any, Any]:
        """Measure one fixture; those that it needs are there."""
        wall, cpu = perf_counter(), process_time()
        result = yield
        self.took = Took(
            self.took.wall + (perf_counter() - wall) * 1e3,
            self.took.cpu + (process_time() - cpu) * 1e3,
        )
        return result


def start_fixture(path: Path) -> Took:
    """Run one test in this process, with a server of its own."""
    stopwatch = Stopwatch()
    with redirect_stdout(StringIO()):
        options = ["-p", PLUGIN, "-p", "no:cacheprovider", "--rootdir", str(path.parent)]
        code = pytest.main([*options, str(path)], plugins=[stopwatch])
    if code:
        sys.exit("the test failed")
    return stopwatch.took


def start_process() -> Took:
    """Start the command, and stop it when it has answered."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    start = perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own code
        [*COMMAND, "--port", "0"], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert process.stdout
    line = process.stdout.readline()
    found = re.search(r":(\d+)/v2", line)
    if not found:
        sys.exit(f"not ready: {line!r}")
    answer = ask(int(found[1]))
    wall = (perf_counter() - start) * 1e3
    if b'"code":200' not in answer:
        sys.exit(f"not answered: {answer!r}")
    memory = resident(process.pid)
    process.send_signal(signal.SIGTERM)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    process.stdout.close()
    return Took(wall, (usage.ru_utime + usage.ru_stime) * 1e3, memory)


def ask(port: int) -> bytes:
    """Ask for an account, and give the answer."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(REQUEST)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def resident(pid: int) -> float:
    """Return how many MB of a process are resident."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def show(name: str, values: Sequence[float], unit: str, bar: float | None = None) -> bool:
    """Print a median and its range; tell whether the bar is missed."""
    middle = median(values)
    told = f"{name:34}{middle:8.1f} {unit}, {min(values):.1f} to {max(values):.1f}"
    print(told if bar is None else f"{told}  (bar: below {bar:.0f})")
    return bar is not None and middle >= bar


def main() -> None:
    """Measure and print; fail when a bar is missed."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # of whatever is installed here
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test_it.py"
        path.write_text(TEST)
        start_fixture(path)  # the first run imports the server
        fixtures = [start_fixture(path) for _ in range(RUNS)]
    start_process()  # the first run writes the bytecode
    processes = [start_process() for _ in range(RUNS)]
    print(f"median of {RUNS}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    missed = [
        show("fixture ready, wall", [took.wall for took in fixtures], "ms", FIXTURE_BAR),
        show("fixture ready, CPU", [took.cpu for took in fixtures], "ms"),
        show("process to first answer, wall", [took.wall for took in processes], "ms", PROCESS_BAR),
        show("process until its end, CPU", [took.cpu for took in processes], "ms"),
        show("process, resident", [took.memory for took in processes], "MB", MEMORY_BAR),
    ]
    sys.exit(any(missed))


if __name__ == "__main__":
    main()
