"""`trackingmore-v2 sandbox`, run as a user runs it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import httpx2
import pytest

from tests.cli.running import run_command
from tests.sandbox.databases import postgres_server
from trackingmore_v2 import TrackingMore
from trackingmore_v2._version import __version__
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_cli.commands.sandbox import sandbox
from trackingmore_v2_sandbox import API_KEY

COMMAND = [sys.executable, "-c", "from trackingmore_v2_cli import main; main()"]
KEY = "5e91b9a4-0000-4d0c-9c1e-2f6f0c7d8a11"


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start the command."""
    return subprocess.Popen(  # noqa: S603 - our own code
        [*COMMAND, "sandbox", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | environment,
        text=True,
    )


def ready(process: subprocess.Popen[str]) -> str:
    """Wait for the first line, and return the base URL in it."""
    assert process.stdout
    line = process.stdout.readline()
    found = re.fullmatch(r"Sandbox ready: (http://127\.0\.0\.1:\d+/v2)\n", line)
    assert found, line
    return found[1]


@dataclass(frozen=True)
class Running:
    """A sandbox that runs as a command."""

    process: subprocess.Popen[str]
    base_url: str
    inspector: str

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Send a request to the admin API, or under `/v2` to the API, and return the response."""
        origin, _, token = self.inspector.partition("/_sandbox/#token=")
        given = {API_KEY_HEADER: API_KEY, "X-Sandbox-Token": token, **headers}
        with httpx2.Client(headers=given, trust_env=False, timeout=60) as client:
            return client.request(method, f"{origin}{path}", json=body).json()


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[Running]:
    """Run the command, and check that it exits with 0 and prints nothing more."""
    process = start("--port", "0", "--quiet", *arguments, **environment)
    try:
        base_url = ready(process)
        assert process.stdout
        inspector = process.stdout.readline().split()[-1]
        exported = [process.stdout.readline() for _ in range(2)]
        assert exported == [
            f"export TRACKINGMORE_API_KEY={API_KEY}\n",
            f"export TRACKINGMORE_BASE_URL={base_url}\n",
        ]
        yield Running(process, base_url, inspector)
    finally:
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output, errors) == (0, "", "")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_runs_until_a_signal(tmp_path: Path, ending: signal.Signals) -> None:
    """The first line has the URL, a client can call it, and the file keeps the trackings."""
    database = str(tmp_path / "sandbox.sqlite3")
    for expected in (0, 1):
        process = start("--port", "0", "--database", database)
        with TrackingMore(KEY, base_url=ready(process)) as client:
            before = client.trackings.list().total()
            client.trackings.create("ups", f"1Z97X17XYW0660521{expected}")
        process.send_signal(ending)
        _, errors = process.communicate(timeout=10)

        assert before == expected
        assert process.returncode == 0
        assert "Traceback" not in errors


def failed(*arguments: str, **environment: str) -> str:
    """Run a command that cannot start, in this process, and return what it writes."""
    finished = run_command(*arguments, environment={**os.environ, **environment})

    assert finished.status == 2
    assert finished.output == b""
    return finished.messages


def test_a_port_in_use_is_one_clear_line() -> None:
    """The line names the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = failed("sandbox", "--port", str(port))

    assert told.count("\n") == 1
    assert str(port) in told


@pytest.mark.parametrize("name", ["missing/sandbox.sqlite3", "."])
def test_a_database_that_cannot_be_opened_is_one_clear_line(tmp_path: Path, name: str) -> None:
    """The line names the path."""
    path = tmp_path / name
    told = failed("sandbox", "--port", "0", "--database", str(path))

    assert told.count("\n") == 1
    assert str(path) in told


def test_a_file_that_is_not_a_database_is_one_clear_line(tmp_path: Path) -> None:
    """A file of another kind is left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, " * 100)
    told = failed("sandbox", "--port", "0", "--database", str(path))

    assert told.count("\n") == 1
    assert str(path) in told
    assert path.read_text() == "not a database, " * 100


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_a_host_that_cannot_be_bound_is_one_clear_line(host: str) -> None:
    """The line names the host."""
    told = failed("sandbox", "--host", host, "--port", "0")

    assert told.count("\n") == 1
    assert host in told


def test_a_bad_port_is_rejected() -> None:
    """A port beyond the range is rejected with status 2."""
    told = failed("sandbox", "--port", "65536")

    assert "--port" in told
    assert "65535" in told


def test_the_version_is_printed() -> None:
    """`--version` prints the package's version."""
    run = subprocess.run(  # noqa: S603 - our own code
        [*COMMAND, "--version"], capture_output=True, check=True, text=True
    )

    assert run.stdout == f"{__version__}\n"


@pytest.mark.parametrize(
    ("missing", "arguments"), [("click", ["--help"]), ("starlette", ["sandbox"])]
)
def test_a_missing_extra_is_one_clear_line(missing: str, arguments: list[str]) -> None:
    """Without the extras the command says what to install."""
    hide = f"import sys; sys.modules[{missing!r}] = None; "
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", hide + "from trackingmore_v2_cli import main; main()", *arguments],
        capture_output=True,
        check=False,
        text=True,
    )

    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert "pip install" in run.stderr


def test_the_second_line_names_the_inspector() -> None:
    """The token stands where no server ever sees it, and opens the admin API."""
    with running() as sandbox:
        origin = sandbox.base_url.removesuffix("/v2")

        assert re.fullmatch(rf"{origin}/_sandbox/#token=[\w-]{{20,}}", sandbox.inspector)
        assert sandbox.send("GET", "/_sandbox/accounts")["meta"]["code"] == 200
        wrong = {"X-Sandbox-Token": "wrong"}
        assert sandbox.send("GET", "/_sandbox/accounts", **wrong)["meta"]["code"] == 401


@pytest.mark.parametrize("key", ["not-a-uuid", KEY])
def test_each_request_is_a_line_on_the_terminal(key: str) -> None:
    """A wrong key is seen as well, with what is expected; the key itself is not."""
    process = start("--port", "0")
    response = httpx2.get(
        f"{ready(process)}/trackings/getuserinfo?lang={key}", headers={API_KEY_HEADER: key}
    )
    process.terminate()
    _, errors = process.communicate(timeout=20)
    code = response.json()["meta"]["code"]

    assert code == (200 if key == KEY else 4001)
    assert errors.startswith(f"GET /v2/trackings/getuserinfo 200 {code}")
    assert errors.count("\n") == 1
    assert ("expected a UUID" in errors) == (key != KEY)
    assert key not in errors


def test_requests_go_on_although_nobody_reads_their_lines() -> None:
    """A program that starts the sandbox may leave the pipe full."""
    process = start("--port", "0")
    with httpx2.Client(base_url=ready(process), timeout=20) as client:
        path = f"/{'x' * 3000}"
        codes = {client.get(path).json()["meta"]["code"] for _ in range(60)}
    process.terminate()

    assert codes == {4001}
    assert process.communicate(timeout=20)[1].count("\n") < 60


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "(from other machines: by an IP address of this one; names are rejected unless"),
        (["--allow-host", "sandbox"], "by an IP address of this one, as http://sandbox:"),
    ],
)
def test_the_urls_of_all_addresses_can_be_used(arguments: list[str], told: str) -> None:
    """They name the loopback interface, and the line says which hosts are accepted besides."""
    process = start("--host", "0.0.0.0", "--port", "0", "--quiet", *arguments)  # noqa: S104 - tested
    assert process.stdout
    line, inspector = process.stdout.readline(), process.stdout.readline()
    base_url = line.split()[2]
    statuses = [
        httpx2.get(url).status_code for url in (f"{base_url}/carriers", inspector.split()[1])
    ]
    process.terminate()
    process.communicate(timeout=20)

    assert statuses == [200, 200]
    assert told in line
    assert "--allow-host NAME" in line


def test_settings_are_those_of_the_command() -> None:
    """Quota, rate limits, strictness, the log's size, hosts, targets and the token."""
    options = ["--quota", "3", "--rate-limit", "--strict", "--log-size", "2", "--memory"]
    hosts = ["--allow-host", "sandbox.test", "--webhook-targets", "10.0.0.0/8"]
    with running(*options, *hosts, "--admin-token", "mine") as sandbox:
        assert sandbox.inspector.endswith("/_sandbox/#token=mine")
        account = sandbox.send("GET", "/_sandbox/account")["data"]
        assert (account["quota"], account["rate_limited"]) == (3, True)
        codes = [
            sandbox.send("GET", "/v2/trackings/getuserinfo", Host="sandbox.test:1")["meta"]["code"]
            for _ in range(3)
        ]
        assert codes == [200, 429, 429]
        assert len(sandbox.send("GET", "/_sandbox/log")["data"]["items"]) == 2
        target = {"url": "http://10.1.2.3/"}
        assert sandbox.send("POST", "/_sandbox/webhooks", target)["meta"]["code"] == 200
        sandbox.send("PATCH", "/_sandbox/account", {"rate_limited": False})
        odd = {"carrier_code": "ups", "tracking_number": "1Z97X17XYW06605211", "title": 5}
        assert sandbox.send("POST", "/v2/trackings/post", odd)["meta"]["code"] == 4012


def variable(option: str) -> str:
    """Return the environment variable of an option."""
    return f"TRACKINGMORE_SANDBOX_{option.removeprefix('--').replace('-', '_').upper()}"


def test_every_option_has_a_variable() -> None:
    """Its name is that of the option, and the help text shows it."""
    shown = " ".join(sandbox.get_help(click.Context(sandbox)).split())

    for option in sandbox.params:
        assert option.envvar == variable(option.opts[0])
        assert option.envvar in shown.replace(" ", "") or option.envvar in shown


def test_settings_of_the_environment() -> None:
    """Several values are separated by spaces, and the command line wins."""
    values = {
        "--quota": "3",
        "--strict": "true",
        "--admin-token": "mine",
        "--allow-host": "one.test two.test",
        "--cors-origin": "http://localhost:5173",
        "--database": "missing/of.sqlite3",
        "--log-size": "7",
    }
    environment = {variable(option): value for option, value in values.items()}
    with running("--memory", "--quota", "4", **environment) as sandbox:
        assert sandbox.inspector.endswith("/_sandbox/#token=mine")
        assert sandbox.send("GET", "/_sandbox/account")["data"]["quota"] == 4
        for host in ("one.test", "two.test"):
            response = sandbox.send("GET", "/v2/trackings/getuserinfo", Host=host)
            assert response["meta"]["code"] == 200


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--port", "tcp://10.0.0.1:8642"),
        ("--quota", "many"),
        ("--strict", "perhaps"),
        ("--freeze-at", "noon"),
        ("--freeze-at", "1969-12-31T00:00:00Z"),
        ("--workers", "2"),
        ("--webhook-targets", "10.0.0.0/99"),
        ("--cors-origin", "localhost:5173"),
        ("--seed", "missing.json"),
        ("--database", "missing/of.sqlite3"),
    ],
)
def test_an_invalid_value_names_its_variable(option: str, value: str) -> None:
    """Whether the option's parser rejects it or the sandbox, at the start."""
    told = failed("sandbox", "--host", "127.0.0.1", **{variable(option): value})

    assert variable(option) in told
    assert "Traceback" not in told


def test_time_begins_and_goes_on_as_the_command_says() -> None:
    """It stands still at a moment, which is in UTC where it has no zone, or it runs faster."""
    with running("--freeze-at", "2030-01-01T12:00") as sandbox:
        clock = sandbox.send("GET", "/_sandbox/clock")["data"]
        assert (clock["now"], clock["frozen"]) == ("2030-01-01T12:00:00Z", True)
        assert sandbox.send("PATCH", "/_sandbox/clock", {"frozen": False})["data"]["speed"] == 1
    with running("--speed", "3600") as sandbox:
        assert sandbox.send("GET", "/_sandbox/clock")["data"]["speed"] == 3600


def test_the_command_line_decides_about_the_time() -> None:
    """The environment may contradict it."""
    with running("--freeze-at", "2030-01-01", **{variable("--speed"): "60"}) as sandbox:
        clock = sandbox.send("GET", "/_sandbox/clock")["data"]
        assert (clock["now"], clock["speed"]) == ("2030-01-01T00:00:00Z", 0)
    with running("--speed", "60", **{variable("--freeze-at"): "2030-01-01"}) as sandbox:
        clock = sandbox.send("GET", "/_sandbox/clock")["data"]
        assert clock["speed"] == 60
        assert clock["now"] < "2030"


def test_a_seed_file_is_loaded_at_the_start(tmp_path: Path) -> None:
    """They are there at the start, and stay as they are when the sandbox starts again."""
    seed = tmp_path / "trackings.json"
    trackings = [{"carrier_code": "ups", "tracking_number": "SANDBOX-PICKUP", "title": "Teapot"}]
    seed.write_text(json.dumps({"trackings": trackings}))
    database = str(tmp_path / "sandbox.sqlite3")
    for _ in range(2):
        with running("--seed", str(seed), "--database", database) as sandbox:
            (tracking,) = sandbox.send("GET", "/_sandbox/trackings")["data"]["items"]

            assert (tracking["title"], tracking["status"]) == ("Teapot", "pickup")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--workers", "2"], "postgresql://"),
        (["--workers", "2", "--database", "sandbox.sqlite3"], "postgresql://"),
        (["--memory", "--database", "sandbox.sqlite3"], "--memory"),
        (["--freeze-at", "2030-01-01", "--speed", "60"], "--freeze-at and --speed"),
        (["--database", "mysql://me:secret@host/x"], "SQLite file, or a URL such as postgresql://"),
        (["--freeze-at", "noon"], "2026-03-01T12:00:00Z"),
        (["--freeze-at", "1969-12-31T00:00:00Z"], "1970"),
        (["--webhook-targets", "a b"], "'a b'"),
        (["--seed", "missing.json"], "missing.json"),
        (["--carriers", "missing.json"], "missing.json"),
        (["--speed", "-1"], "--speed"),
        (["--quota", "many"], "--quota"),
        (["--log-size", "0"], "--log-size"),
        (["--cors-origin", "*"], "'*'"),
    ],
)
def test_an_invalid_option_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    """Nothing is started, and no file is made."""
    monkeypatch.chdir(tmp_path)
    lines = failed("sandbox", "--port", "0", *arguments).splitlines()

    # The parser shows how the command is used before it says what is wrong.
    assert told in lines[-1] or told in " ".join(lines)
    assert "Traceback" not in lines[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", '{"trackings": [{}]}', '{"trackings": "x"}'])
def test_an_invalid_seed_file_is_one_clear_line(tmp_path: Path, content: str) -> None:
    """The line names the file."""
    seed = tmp_path / "trackings.json"
    seed.write_text(content)
    told = failed("sandbox", "--port", "0", "--seed", str(seed))

    assert told.count("\n") == 1
    assert str(seed) in told


def test_an_invalid_carriers_file_is_one_clear_line(tmp_path: Path) -> None:
    """The line names the file and the place."""
    carriers = tmp_path / "carriers.json"
    carriers.write_text('{"data": [{"name": "UPS", "code": "ups"}, {"name": "DHL"}]}')
    told = failed("sandbox", "--port", "0", "--carriers", str(carriers))

    assert told.count("\n") == 1
    assert str(carriers) in told
    assert "$.data[1]" in told


def test_a_request_that_waits_does_not_keep_the_command() -> None:
    """It exits at once and silently, although a client waits for the log."""
    with running() as sandbox:
        origin = sandbox.base_url.removesuffix("/v2")
        port = httpx2.URL(origin).port
        token = sandbox.inspector.rpartition("=")[2]
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(
                f"GET /_sandbox/log?wait=60 HTTP/1.1\r\nHost: localhost\r\n"
                f"X-Sandbox-Token: {token}\r\n{API_KEY_HEADER}: {API_KEY}\r\n\r\n".encode()
            )
            sandbox.send("GET", "/_sandbox/clock")
            sandbox.process.send_signal(signal.SIGTERM)
            assert sandbox.process.wait(5) == 0


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server."""
    with postgres_server() as url:
        yield url


def test_several_workers_respond(postgres_url: str) -> None:
    """Together they are one sandbox, and all of them end with the command."""
    with running("--database", postgres_url, "--workers", "3", "--quota", "20") as sandbox:
        for number in range(20):
            body = {"carrier_code": "ups", "tracking_number": f"SANDBOX-TRANSIT_{number}"}
            assert sandbox.send("POST", "/v2/trackings/post", body)["meta"]["code"] == 200
        body = {"carrier_code": "ups", "tracking_number": "SANDBOX-PICKUP"}

        assert sandbox.send("POST", "/v2/trackings/post", body)["meta"]["code"] == 4021
        assert sandbox.send("GET", "/_sandbox/account")["data"]["left"] == 0
        workers = workers_of(sandbox.process.pid)
        assert len(workers) == 3
    assert not any(worker.exists() for worker in workers)


def test_a_killed_worker_is_replaced_with_a_line(postgres_url: str) -> None:
    """The line names both processes; the sandbox goes on."""
    with running("--database", postgres_url, "--workers", "2") as sandbox:
        # Its response shows that workers run.
        sandbox.send("GET", "/_sandbox/account")
        killed = workers_of(sandbox.process.pid)[0]
        os.kill(int(killed.name), signal.SIGKILL)
        assert sandbox.process.stderr
        line = sandbox.process.stderr.readline()

        assert re.fullmatch(rf"worker {killed.name} ended; worker \d+ replaces it\n", line)
        assert sandbox.send("GET", "/_sandbox/account")["meta"]["code"] == 200


def workers_of(process: int) -> list[Path]:
    """Return the folders of a process's workers, as the system knows them."""
    names = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    folders = [Path("/proc", name) for name in names]
    return [folder for folder in folders if b"spawn_main" in (folder / "cmdline").read_bytes()]


def test_the_sandbox_runs_as_a_module() -> None:
    """`python -m trackingmore_v2_sandbox` is the command with the same options."""
    run = subprocess.run(
        [sys.executable, "-m", "trackingmore_v2_sandbox", "--port", "65536"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 2
    assert "trackingmore-v2 sandbox --help" in run.stderr
    assert "65535" in run.stderr


def test_the_command_runs_as_a_module() -> None:
    """`python -m trackingmore_v2_cli` is the same command."""
    done = subprocess.run(
        [sys.executable, "-m", "trackingmore_v2_cli", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == __version__
