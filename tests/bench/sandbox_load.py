"""
Requests per second of the sandbox, and its CPU time for each.

wrk sends requests over 16 connections, in turns to the sandbox and to a bare Starlette route that
returns as many bytes under the same server. Rates vary on shared machines, so only the ratio of the
CPU times for one request must keep its bar; the rates are printed with theirs. Needs Linux and wrk.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias
from urllib.request import Request, urlopen

from tests.bench.measure import Report
from tests.processes import SANDBOX, server
from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS

BAR_RATIO: Final = 3.0
BARS: Final = {"get": 8_000, "create": 4_000, "batch": 300}
"""Requests per second."""

ROUNDS: Final = 7
SECONDS: Final = 3
CONNECTIONS: Final = 16
KEY: Final = "00000000-0000-4000-8000-000000000001"
NUMBER: Final = "SANDBOX-SINCE-9D-TRANSIT001-2D-TO-US-TRANSIT004-2D-PICKUP001-9H-DELIVERED001"
PATH: Final = f"trackings/china-ems/{NUMBER}"
TICKS: Final = os.sysconf("SC_CLK_TCK")
BATCH: Final = OPERATIONS["createTrackingBatch"].batch

SCRIPT: Final = Path(__file__).with_name("create.lua")
BARE: Final = """
import socket
import sys
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
import uvicorn

BODY = b"x" * int(sys.argv[1])

async def respond(request: Request) -> Response:
    return Response(BODY, media_type="application/json")

app = Starlette(routes=[Route("/v2/trackings/{carrier_code}/{tracking_number}", respond)])
listener = socket.create_server(("127.0.0.1", 0))
print(f"ready: http://127.0.0.1:{listener.getsockname()[1]}/v2", flush=True)
config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
uvicorn.Server(config).run([listener])
"""
"""A server with one route."""

Loads: TypeAlias = dict[str, list[tuple[float, float]]]
"""Of each kind of request: requests per second, and CPU time in microseconds."""


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def run_wrk(server: tuple[int, str], path: str, *options: str) -> tuple[float, float]:
    """Return the requests per second, and the server's microseconds of CPU time for each."""
    pid, url = server
    before = cpu_seconds(pid)
    load = ("-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"{API_KEY_HEADER}: {KEY}")
    command = ["wrk", *load, f"{url}/{path}", *options]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own code
    spent = cpu_seconds(pid) - before
    if "Non-2xx" in output:
        raise RuntimeError(output)
    (count,) = re.findall(r"(\d+) requests in", output)
    (rate,) = re.findall(r"Requests/sec:\s+([0-9.]+)", output)
    return float(rate), spent / int(count) * 1e6


def send(url: str, body: object = None) -> bytes:
    """Send one request to the sandbox, and return the response."""
    content = None if body is None else json.dumps(body).encode()
    response: bytes = urlopen(Request(url, content, {API_KEY_HEADER: KEY})).read()  # noqa: S310 - our own server
    if json.loads(response)["meta"]["code"] not in {200, 201}:
        raise RuntimeError(response.decode())
    return response


def measure(sandbox: tuple[int, str], bare: tuple[int, str]) -> Loads:
    """Load both servers in turns."""
    items = BATCH.max_items if BATCH else 1
    script = ("-s", str(SCRIPT), "--")
    loads: Loads = {"bare": [], "get": [], "create": [], "batch": []}
    for number in range(ROUNDS):
        loads["bare"].append(run_wrk(bare, PATH))
        loads["get"].append(run_wrk(sandbox, PATH))
        loads["create"].append(run_wrk(sandbox, "trackings/post", *script, "1", f"C{number}N"))
        many = (str(items), f"B{number}N")
        loads["batch"].append(run_wrk(sandbox, "trackings/batch", *script, *many))
    return loads


def run(report: Report) -> None:
    """Measure and print."""
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed; run: apt-get install wrk")
    with TemporaryDirectory() as folder:
        database = f"{folder}/trackings.sqlite3"
        with server(*SANDBOX, "--database", database, "--quiet") as (process, url):
            for carrier in ("ups", "china-ems"):
                send(f"{url}/trackings/post", {"tracking_number": NUMBER, "carrier_code": carrier})
            size = len(send(f"{url}/{PATH}"))
            with server(sys.executable, "-c", BARE, str(size)) as (bare, bare_url):
                loads = measure((process.pid, url), (bare.pid, bare_url))
    print(f"{CONNECTIONS} connections, {SECONDS} s each, median of {ROUNDS}; GET of {size} bytes")
    for name, found in loads.items():
        bar = f"per second (bar: {BARS[name]:,})" if name in BARS else "per second"
        report.add(f"{name}, {bar}", [rate for rate, _ in found])
        report.add(f"{name}, CPU time", [cost for _, cost in found], "us")
    ratios = [get / bare for (_, get), (_, bare) in zip(loads["get"], loads["bare"], strict=True)]
    report.add("GET against a bare Starlette route", ratios, most=BAR_RATIO)
