"""
Time until a sandbox is ready: as fixtures of a test in this process, and as a process of its own.

Fixtures are ready when pytest has set up the server, an account and a client; imports are done
before. A process is ready when it has responded to a request. Needs Linux.
"""

import os
import re
import sys
import tempfile
from collections.abc import Generator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.bench.measure import Report
from tests.processes import SANDBOX, server
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY

ROUNDS = 20
FIXTURE_BAR = 20.0
PROCESS_BAR = 400.0
MEMORY_BAR = 60.0

TEST = "def test_it(trackingmore): trackingmore.account.get()"


class Stopwatch:
    """A pytest plugin that measures how long the fixtures take."""

    milliseconds = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self) -> Generator[None, Any, Any]:
        """Measure one fixture, without those that it requests."""
        start = perf_counter()
        result = yield
        self.milliseconds += (perf_counter() - start) * 1e3
        return result


def start_fixtures(path: Path) -> float:
    """Run one test in this process, with a server of its own; return the milliseconds."""
    stopwatch = Stopwatch()
    with redirect_stdout(StringIO()):
        options = ["-ptrackingmore_v2_pytest", "-pno:cacheprovider", f"--rootdir={path.parent}"]
        if pytest.main([*options, str(path)], plugins=[stopwatch]):
            sys.exit("the test failed")
    return stopwatch.milliseconds


def start_process() -> tuple[float, float]:
    """Run the command until its first response; return milliseconds and resident megabytes."""
    start = perf_counter()
    with server(*SANDBOX) as (process, url):
        request = Request(f"{url}/trackings/getuserinfo", headers={API_KEY_HEADER: API_KEY})  # noqa: S310 - our own server
        with urlopen(request) as response:  # noqa: S310 - our own server
            content = response.read()
        milliseconds = (perf_counter() - start) * 1e3
        status = Path(f"/proc/{process.pid}/status").read_text()
    kilobytes = int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0])
    assert b'"code":200' in content
    return milliseconds, kilobytes * 1024 / 1e6


def run(report: Report) -> None:
    """Measure and print."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # other installed plugins do not count
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test_it.py"
        path.write_text(TEST)
        start_fixtures(path)  # the first run imports the server
        fixtures = [start_fixtures(path) for _ in range(ROUNDS)]
    start_process()  # the first run writes the bytecode
    processes = [start_process() for _ in range(ROUNDS)]
    print(f"median of {ROUNDS}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    times, sizes = zip(*processes, strict=True)
    report.add("fixtures", fixtures, "ms", below=FIXTURE_BAR)
    report.add("process", times, "ms", below=PROCESS_BAR)
    report.add("process, resident", sizes, "MB", below=MEMORY_BAR)
