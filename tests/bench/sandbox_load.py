"""
How many requests a second the sandbox answers, and what each costs its processor.

wrk asks over 16 connections, in turns with a bare Starlette route that answers as many bytes under
the same server. Rates swing on shared machines, so the gate is the ratio of the processor's time
for one request of each, medians of several turns; the rates are shown beside their bars.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final
from urllib.request import Request, urlopen

from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS

BAR_RATIO: Final = 2.5
BARS: Final = {"get": 8_000, "create": 4_000, "batch": 300}
"""Requests a second."""

TURNS: Final = 5
SECONDS: Final = 3
CONNECTIONS: Final = 16
KEY: Final = "00000000-0000-4000-8000-000000000001"
PAIR: Final = "china-ems/LK664578623CN"
DELIVERED: Final = "SANDBOX-SINCE-9D-TRANSIT001-2D-TO-US-TRANSIT004-2D-PICKUP001-9H-DELIVERED001"
TICKS: Final = os.sysconf("SC_CLK_TCK")
BATCH: Final = OPERATIONS["createTrackingBatch"].batch

BARE: Final = """
import sys
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
import uvicorn

BODY = b"x" * int(sys.argv[1])

async def answer(request: Request) -> Response:
    return Response(BODY, media_type="application/json")

app = Starlette(routes=[Route("/v2/trackings/{carrier_code}/{tracking_number}", answer)])

class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(f"ready: http://127.0.0.1:{port}/v2", flush=True)

Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off")).run()
"""

SCRIPT: Final = """
local made = 0
local headers = {["%(header)s"] = "%(key)s", ["Content-Type"] = "application/json"}
local function item()
  made = made + 1
  return string.format('{"tracking_number":"%(prefix)s%%09d","carrier_code":"china-ems"}', made)
end
request = function()
  local body
  if %(size)d == 1 then
    body = item()
  else
    local items = {}
    for place = 1, %(size)d do items[place] = item() end
    body = "[" .. table.concat(items, ",") .. "]"
  end
  return wrk.format("POST", "%(path)s", headers, body)
end
"""


@dataclass(frozen=True)
class Load:
    """What came of one run."""

    per_second: float
    microseconds: float
    """Of the server's processor, for each request."""


@contextmanager
def server(command: list[str]) -> Iterator[tuple[int, str]]:
    """Run a server; give its process and its base URL, which its first line ends with."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    try:
        assert process.stdout
        yield process.pid, process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait()


def processor_seconds(pid: int) -> float:
    """Return how long a process has kept its processor busy."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def run_wrk(pid: int, url: str, *options: str) -> Load:
    """Run wrk as fast as it can."""
    before = processor_seconds(pid)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *options, url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ours
    spent = processor_seconds(pid) - before
    if "Non-2xx" in said:
        raise RuntimeError(said)
    (count,) = re.findall(r"(\d+) requests in", said)
    (rate,) = re.findall(r"Requests/sec:\s+([0-9.]+)", said)
    return Load(float(rate), spent / int(count) * 1e6)


def ask(url: str, body: object = None) -> bytes:
    """Ask the sandbox once."""
    content = None if body is None else json.dumps(body).encode()
    answer: bytes = urlopen(Request(url, content, {API_KEY_HEADER: KEY})).read()  # noqa: S310 - ours
    if json.loads(answer)["meta"]["code"] not in {200, 201}:
        raise RuntimeError(answer.decode())
    return answer


def script(folder: Path, name: str, path: str, size: int, turn: int) -> str:
    """Write how wrk is to make requests that create parcels, and none of them twice."""
    file = folder / f"{name}{turn}.lua"
    prefix = f"{name[0].upper()}{turn}N"
    values = {"header": API_KEY_HEADER, "key": KEY, "prefix": prefix, "size": size, "path": path}
    file.write_text(SCRIPT % values)
    return str(file)


def measure(pid: int, base: str, size: int) -> dict[str, list[Load]]:
    """Load the sandbox and the bare route in turns."""
    loads: dict[str, list[Load]] = {"bare": [], "get": [], "create": [], "batch": []}
    parcel = f"{base}/trackings/china-ems/{DELIVERED}"
    key = f"{API_KEY_HEADER}: {KEY}"
    items = BATCH.max_items if BATCH else 1
    with (
        TemporaryDirectory() as folder,
        server([sys.executable, "-c", BARE, str(size)]) as (bare_pid, bare_base),
    ):
        for turn in range(TURNS):
            one = script(Path(folder), "create", "/v2/trackings/post", 1, turn)
            many = script(Path(folder), "batch", "/v2/trackings/batch", items, turn)
            loads["bare"].append(run_wrk(bare_pid, f"{bare_base}/trackings/{PAIR}", "-H", key))
            loads["get"].append(run_wrk(pid, parcel, "-H", key))
            loads["create"].append(run_wrk(pid, base, "-s", one))
            loads["batch"].append(run_wrk(pid, base, "-s", many))
    return loads


def main() -> None:
    """Measure and print; fail when the ratio is above its bar."""
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed; run: apt-get install wrk")
    with TemporaryDirectory() as folder:
        database = str(Path(folder) / "parcels.sqlite3")
        command = ["trackingmore-v2", "sandbox", "--port", "0", "--database", database]
        path = Path(sys.executable).parent / command[0]
        with server([str(path), *command[1:]]) as (pid, base):
            ask(f"{base}/trackings/post", {"tracking_number": DELIVERED, "carrier_code": "ups"})
            ask(
                f"{base}/trackings/post",
                {"tracking_number": DELIVERED, "carrier_code": "china-ems"},
            )
            size = len(ask(f"{base}/trackings/china-ems/{DELIVERED}"))
            loads = measure(pid, base, size)
    print(
        f"{CONNECTIONS} connections, {SECONDS} s each, median of {TURNS} turns; GET of {size} bytes"
    )
    for name, found in loads.items():
        rate = median(load.per_second for load in found)
        cost = median(load.microseconds for load in found)
        bar = f" (bar: {BARS[name]:,})" if name in BARS else ""
        print(f"{name:7} {rate:9,.0f}/s{bar:14} {cost:8.1f} us of the processor")
    ratio = median(
        get.microseconds / bare.microseconds
        for get, bare in zip(loads["get"], loads["bare"], strict=True)
    )
    print(f"GET against a bare Starlette route: {ratio:.2f} times (bar: at most {BAR_RATIO})")
    sys.exit(ratio > BAR_RATIO)


if __name__ == "__main__":
    main()
