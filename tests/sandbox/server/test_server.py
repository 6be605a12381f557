import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest

import trackingmore_v2_sandbox
from tests.sandbox.harness import NOON, PAIR, check
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_pytest.receiver import WebhookReceiver
from trackingmore_v2_pytest.tenant import Tenant
from trackingmore_v2_sandbox import API_KEY, Sandbox, SandboxError, SettableClock, Settings, serve

FOREGROUND = "import sys; from trackingmore_v2_sandbox import serve; serve(database=sys.argv[1])"


def call(base_url: str, method: str, path: str, body: object = None) -> httpx2.Response:
    """Call a sandbox through its socket."""
    with httpx2.Client(headers={API_KEY_HEADER: API_KEY}, trust_env=False) as client:
        return client.request(method, base_url + path, json=body)


def test_a_sandbox_is_reachable_at_once() -> None:
    """It responds on a free port of the loopback interface, and is gone afterwards."""
    with Sandbox(clock=SettableClock(NOON), settings=Settings(quota=7)) as sandbox:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v2", sandbox.base_url)
        assert sandbox.api_key == API_KEY
        response = call(sandbox.base_url, "GET", "/trackings/getuserinfo")
        base_url = sandbox.base_url

    assert response.json()["data"]["track_number"] == 7
    assert response.headers["X-Sandbox"] == "1"
    check("getAccount", response.content)
    with pytest.raises(httpx2.ConnectError):
        call(base_url, "GET", "/carriers")


def test_several_sandboxes_run_side_by_side() -> None:
    """Each one has a port and a state of its own."""
    with Sandbox() as one, Sandbox() as two:
        call(one.base_url, "POST", "/trackings/post", PAIR)

        assert call(one.base_url, "GET", "/trackings/get").json()["meta"]["code"] == 200
        assert call(two.base_url, "GET", "/trackings/get").json()["meta"]["code"] == 4031


def test_a_sandbox_leaves_nothing_behind() -> None:
    """It stops although a connection is open, and its thread ends."""
    threads = threading.active_count()
    headers = {API_KEY_HEADER: API_KEY}
    with httpx2.Client(headers=headers, trust_env=False) as client, Sandbox() as sandbox:
        client.get(f"{sandbox.base_url}/carriers")
        sandbox.__exit__(None, None, None)

    assert threading.active_count() == threads


def test_a_file_keeps_the_state(tmp_path: Path) -> None:
    """A tracking that one sandbox created, the next one knows."""
    database = tmp_path / "sandbox.sqlite3"
    with Sandbox(database) as sandbox:
        created = call(sandbox.base_url, "POST", "/trackings/post", PAIR).json()["data"]
    with Sandbox(database) as sandbox:
        read = call(sandbox.base_url, "GET", "/trackings/china-ems/LK664578623CN").json()["data"]

    assert (read["id"], read["created_at"]) == (created["id"], created["created_at"])


def test_a_sandbox_can_be_restarted() -> None:
    """But not twice at the same time, and it has no address in between."""
    sandbox = Sandbox()
    for _ in range(2):
        with sandbox:
            assert call(sandbox.base_url, "GET", "/carriers").status_code == 200
            with pytest.raises(RuntimeError, match="already"):
                sandbox.__enter__()
        with pytest.raises(RuntimeError, match="not running"):
            _ = sandbox.base_url


def test_a_port_in_use_is_one_clear_line() -> None:
    """The line names the port and the reason, embedded and in the foreground."""
    with Sandbox() as sandbox:
        port = int(sandbox.base_url.rsplit(":")[-1].removesuffix("/v2"))
        expected = (
            f"cannot listen on 127.0.0.1 port {port}: Address already in use; "
            "choose another port, or 0 for a free one"
        )

        with pytest.raises(SandboxError) as embedded, Sandbox(port=port):
            pass
        with pytest.raises(SandboxError) as foreground:
            serve(port=port)

    assert str(embedded.value) == str(foreground.value) == expected


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 65536), ("no.such.host.invalid", 0)])
def test_an_impossible_address_is_one_clear_line(host: str, port: int) -> None:
    """The line names what cannot be listened on."""
    with pytest.raises(SandboxError, match=f"cannot listen on {host} port {port}: .+") as error:
        serve(host, port)

    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["missing/sandbox.sqlite3", "."])
def test_a_database_that_cannot_be_opened_is_one_clear_line(tmp_path: Path, name: str) -> None:
    """The line names the path, embedded and in the foreground."""
    database = tmp_path / name
    expected = f"cannot open the database {database}: unable to open database file"

    with pytest.raises(SandboxError) as embedded, Sandbox(database):
        pass
    with pytest.raises(SandboxError) as foreground:
        serve(database=database)

    assert str(embedded.value) == str(foreground.value) == expected


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_run_ends_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    """The first line says where it is; a signal ends it with status 0 and its state kept."""
    database = tmp_path / "sandbox.sqlite3"
    codes = []
    for _ in range(2):
        process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", FOREGROUND, str(database)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            text=True,
        )
        assert process.stdout
        ready = process.stdout.readline()
        base_url = ready.removeprefix("Sandbox ready: ").strip()
        codes.append(call(base_url, "POST", "/trackings/post", PAIR).json()["meta"]["code"])
        process.send_signal(ending)
        output, errors = process.communicate(timeout=60)

        assert re.fullmatch(r"Sandbox ready: http://127\.0\.0\.1:\d+/v2\n", ready)
        assert (process.returncode, output, errors) == (0, "", "")

    assert codes == [200, 4016]


def test_the_ready_line_can_name_an_ipv6_address() -> None:
    """Such an address stands in brackets."""
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
    code = "from trackingmore_v2_sandbox import serve; serve('::1')"
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        text=True,
    )
    assert process.stdout
    base_url = process.stdout.readline().removeprefix("Sandbox ready: ").strip()
    status = call(base_url, "GET", "/carriers").status_code
    process.terminate()
    process.communicate(timeout=60)

    assert base_url.startswith("http://[::1]:")
    assert status == 200


def test_the_repr_says_where_it_is() -> None:
    """At the prompt, a sandbox shows its URL, or that it is not running."""
    sandbox = Sandbox()

    assert repr(sandbox) == "<Sandbox, not running>"
    with sandbox:
        assert repr(sandbox) == f"<Sandbox at {sandbox.base_url}>"
        assert repr(sandbox.account) == "<AccountMethods: get, update>"
        assert repr(Tenant(sandbox, API_KEY)) == f"<Tenant at {sandbox.base_url}>"
    with WebhookReceiver() as receiver:
        assert repr(receiver) == f"<WebhookReceiver at {receiver.url}, 0 received>"


def test_dir_names_what_is_public() -> None:
    """Completion at the prompt offers the public names, and no others."""
    assert dir(trackingmore_v2_sandbox) == trackingmore_v2_sandbox.__all__
