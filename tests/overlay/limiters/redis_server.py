"""A Redis server for tests, which they may stop and start."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import redis

from tests.programs import report_missing

INSTALL: Final = "apt-get install redis-server"


class RedisServer:
    """A server that listens on a socket in a folder only, and stores nothing on disk."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program: Final = program
        self._folder: Final = folder
        self.url: Final = f"unix://{folder / 'redis.sock'}"
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it responds."""
        options = ["--port", "0", "--unixsocket", "redis.sock", "--save", "", "--dir", "."]
        self._process = subprocess.Popen(  # noqa: S603 - Redis's own program
            [self._program, *options], cwd=self._folder, stdout=subprocess.DEVNULL
        )
        retry = redis.retry.Retry(redis.backoff.ConstantBackoff(0.01), 1_000)
        errors = [redis.ConnectionError, FileNotFoundError]
        with redis.Redis.from_url(self.url, retry=retry, retry_on_error=errors) as client:
            client.ping()

    def stop(self) -> None:
        """Kill the server, which forgets everything."""
        self.signal(signal.SIGKILL)
        self.wait()

    def signal(self, number: int) -> None:
        """Send a signal to the server."""
        self._process.send_signal(number)

    def wait(self) -> None:
        """Wait until the server has ended."""
        self._process.wait()


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """
    Yield a running server.

    Without Redis, tests are skipped; in CI they fail.
    """
    program = shutil.which("redis-server")
    if program is None:
        reason = f"Redis is not installed: {INSTALL}"
        report_missing(reason)
    # A socket's path must be short, so it cannot be in pytest's temporary folder.
    folder = Path(tempfile.mkdtemp(prefix="tm-redis-"))
    try:
        server = RedisServer(program, folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
