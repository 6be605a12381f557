"""
Forks, threads and event loops.

One client is used, and then by forked processes, threads or event loops at once. The server returns
the number of each request after a random delay; a body is wrong if it has another number. The
workers of gunicorn and Celery are forked from a process that has used the client.
"""

import asyncio
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import httpx2

from tests.overlay.limiters.redis_server import redis_server
from tests.reliability.rows import Row, Settings
from tests.reliability.server import Behaviour, Server, echo_server
from trackingmore_v2 import AsyncTrackingMore, TrackingMore

SERVER: Final = "RELIABILITY_SERVER"
BROKER: Final = "RELIABILITY_BROKER"
"""Where the applications in `apps.py` find both."""

CHILDREN: Final = 2
CALLS: Final = 300
WORKERS: Final = 4
THREADS: Final = 32
CALLS_OF_THREAD: Final = 150


class Counts(NamedTuple):
    """What came back."""

    calls: int = 0
    wrong: int = 0
    errors: int = 0


def measure(settings: Settings) -> Iterator[Row]:
    """Use one client in each way."""
    with echo_server(Behaviour(delay=0.004, seed=settings.seed)) as server:
        calls = settings.pick(CALLS, 50)
        yield from _rows("forked children and their parent", _forked(server, calls))
        yield from _rows("multiprocessing", _pooled(server, calls))
        yield from _rows("gunicorn --preload", _gunicorn(server, WORKERS * calls))
        yield from _rows("Celery prefork", _celery(server, WORKERS * calls))
        yield from _rows("two event loops", _in_loops(server, calls))
        calls = settings.pick(CALLS_OF_THREAD, 20)
        yield from _rows(f"{THREADS} threads", _in_threads(server, calls))


def _rows(name: str, counts: Counts) -> Iterator[Row]:
    value = f"{counts.wrong} of {counts.calls:,}"
    yield Row(f"{name}: wrong bodies", "0", value, counts.wrong == 0)
    yield Row(f"{name}: errors", "0", f"{counts.errors}", counts.errors == 0)


def _call(client: TrackingMore, name: str, calls: int) -> Counts:
    return _count((number, _number_of(client, number)) for number in _numbers(name, calls))


def _numbers(name: str, calls: int) -> list[str]:
    return [f"{name}-{number:06}" for number in range(calls)]


def _number_of(client: TrackingMore, number: str) -> str | Exception:
    try:
        return client.trackings.get("ups", number).tracking_number
    except Exception as error:  # noqa: BLE001 - is counted
        return error


def _count(pairs: Iterable[tuple[str, object]]) -> Counts:
    calls = wrong = errors = 0
    for number, found in pairs:
        calls += 1
        # A client that compares numbers reports a wrong body as an error.
        is_mismatch = type(found).__name__ == "TrackingMismatch"
        errors += isinstance(found, Exception) and not is_mismatch
        wrong += is_mismatch or (isinstance(found, str) and found != number)
    return Counts(calls, wrong, errors)


def _sum(counts: Iterable[Counts]) -> Counts:
    return Counts(*map(sum, zip(*counts, strict=True)))


def _forked(server: Server, calls: int) -> Counts:
    client = TrackingMore("key", base_url=server.base_url)
    client.trackings.get("ups", "WARM-UP")
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()

    def work(name: str) -> None:
        results.put(_call(client, name, calls))

    children = [context.Process(target=work, args=(f"C{each}",)) for each in range(CHILDREN)]
    for child in children:
        child.start()
    counts = [_call(client, "PARENT", calls), *(results.get() for _ in children)]
    for child in children:
        child.join()
    return _sum(counts)


def _pooled(server: Server, calls: int) -> Counts:
    client = TrackingMore("key", base_url=server.base_url)
    client.trackings.get("ups", "WARM-UP")
    global _of_parent  # noqa: PLW0603 - as an application has it
    _of_parent = client
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(WORKERS, context) as pool:
        return _sum(pool.map(_call_of_parent, range(WORKERS), [calls] * WORKERS))


_of_parent: TrackingMore


def _call_of_parent(worker: int, calls: int) -> Counts:
    return _call(_of_parent, f"W{worker}", calls)


def _gunicorn(server: Server, calls: int) -> Counts:
    with TemporaryDirectory(prefix="tm-gunicorn-") as folder:
        path = Path(folder) / "socket"
        options = ["--preload", "--workers", str(WORKERS)]
        options += ["--bind", f"unix:{path}", "--log-level", "error", "--no-control-socket"]
        command = ["gunicorn", *options, "tests.reliability.apps:application"]
        with _running(command, {SERVER: server.base_url}):
            _until(path.exists)
            transport = httpx2.HTTPTransport(uds=str(path))
            with httpx2.Client(transport=transport, timeout=30) as http:

                def call(number: str) -> str:
                    return http.get(f"http://gunicorn/{quote(number)}").text

                return _of_workers(call, _numbers("GUNICORN", calls))


def _celery(server: Server, calls: int) -> Counts:
    with redis_server() as redis:
        broker = redis.url.replace("unix://", "redis+socket://")
        environment = {SERVER: server.base_url, BROKER: broker}
        options = ["--pool", "prefork", "--concurrency", str(WORKERS), "--loglevel", "error"]
        command = ["celery", "--app", "tests.reliability.apps:queue", "worker", *options]
        with _running(command, environment):
            queue = import_module("celery").Celery("apps", broker=broker, backend=broker)

            def call(number: str) -> str:
                text: str = queue.send_task("number_of", (number,)).get(timeout=60)
                return text

            return _of_workers(call, _numbers("CELERY", calls))


def _of_workers(call: Callable[[str], str], numbers: list[str]) -> Counts:
    """Call an application from several threads; its responses are a process and a number."""
    processes = set[str]()

    def found(number: str) -> tuple[str, object]:
        try:
            process, _, text = call(number).partition(" ")
        except Exception as error:  # noqa: BLE001 - is counted
            return number, error
        processes.add(process)
        return number, text

    with ThreadPoolExecutor(4 * WORKERS) as pool:
        counts = _count(list(pool.map(found, numbers)))
    if len(processes) < 2:
        raise RuntimeError(f"one worker did everything, {counts}")
    return counts


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    """Run a module of another package, and terminate it afterwards."""
    path = os.pathsep.join(filter(None, [str(Path.cwd()), *sys.path]))
    everything = {**os.environ, **environment, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-m", *command], env=everything, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def _in_loops(server: Server, calls: int) -> Counts:
    client = AsyncTrackingMore("key", base_url=server.base_url)

    async def work(name: str) -> Counts:
        async def found(number: str) -> tuple[str, object]:
            try:
                return number, (await client.trackings.get("ups", number)).tracking_number
            except Exception as error:  # noqa: BLE001 - is counted
                return number, error

        return _count(await asyncio.gather(*map(found, _numbers(name, calls))))

    with ThreadPoolExecutor(2) as pool:
        return _sum(pool.map(lambda name: asyncio.run(work(name)), ["ONE", "OTHER"]))


def _in_threads(server: Server, calls: int) -> Counts:
    with TrackingMore("key", base_url=server.base_url) as client:
        client.trackings.get("ups", "WARM-UP")
        with ThreadPoolExecutor(THREADS) as pool:
            names: list[Any] = [f"T{number}" for number in range(THREADS)]
            return _sum(pool.map(lambda name: _call(client, name, calls), names))
