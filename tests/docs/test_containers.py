"""What the page about containers and CI shows is true, as far as it runs without Docker."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
import yaml

from tests.docs import local_containers
from tests.docs.local_containers import (
    COMPOSE,
    EXAMPLE,
    IN_THE_IMAGE,
    INSTRUCTIONS,
    PAGE,
    WORKFLOW,
    container,
    new_machine,
)
from trackingmore_v2 import TrackingMore
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_cli.commands.sandbox import sandbox
from trackingmore_v2_sandbox.webhooks.url_policy import UrlPolicy, find_addresses, read_url

pytest_plugins = ["pytester"]

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
PORT = "8642"
HEALTH = "/_sandbox/health"
OPTIONS = {option.name: option for option in sandbox.params}
HEALTH_CHECK: list[str] = json.loads(INSTRUCTIONS["HEALTHCHECK"].partition("CMD ")[2])
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
JOB: dict[str, Any] = yaml.safe_load(WORKFLOW)["jobs"]["test"]


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a machine with the programs that the page runs."""
    return new_machine(tmp_path)


def status(port: int, host: str, path: str = HEALTH, **headers: str) -> int:
    """Return the HTTP status of a request that names a host."""
    url = f"http://127.0.0.1:{port}{path}"
    return httpx2.get(url, headers={"Host": f"{host}:{port}", **headers}).status_code


def test_what_is_installed_exists() -> None:
    """The extras of the package, and a version of Python that it supports."""
    installed = re.findall(r"pip install [^']*'([\w-]+)\[([\w,]+)\]'", PAGE)
    extras = set(PROJECT["project"]["optional-dependencies"])
    versions = re.findall(r"python:(3\.\d+)-slim|python-version: \"(3\.\d+)\"", PAGE)

    assert {name for name, _ in installed} == {PROJECT["project"]["name"]}
    assert all({"cli", "sandbox"} == set(names.split(",")) <= extras for _, names in installed)
    for version in map("".join, versions):
        assert f"Programming Language :: Python :: {version}" in PROJECT["project"]["classifiers"]


def test_every_variable_is_one_of_an_option() -> None:
    """And the port is the default one."""
    known = {option.envvar for option in OPTIONS.values()}
    shown = set(re.findall(r"TRACKINGMORE_SANDBOX_\w+", PAGE))

    assert {*IN_THE_IMAGE, *SERVICES["sandbox"]["environment"]} <= shown <= known
    assert INSTRUCTIONS["EXPOSE"] == PORT == str(OPTIONS["port"].default)


def test_the_health_check_succeeds_while_the_container_runs(machine: dict[str, str]) -> None:
    """It uses nothing that the image lacks, such as curl."""
    with container(machine) as port:
        check = [each.replace(PORT, str(port)) for each in HEALTH_CHECK]
        healthy = subprocess.run(check, env=machine, check=False)  # noqa: S603 - of our own page
    ended = subprocess.run(check, env=machine, check=False, stderr=subprocess.DEVNULL)  # noqa: S603 - of our own page

    assert check != HEALTH_CHECK
    assert healthy.returncode == 0
    assert ended.returncode != 0


def test_every_check_reads_the_health(machine: dict[str, str]) -> None:
    """Other paths have the HTTP status 200 too, as all of the API's."""
    checks = [HEALTH_CHECK[-1], WORKFLOW, EXAMPLE]

    assert [re.findall(r"/(?:_sandbox/)?health", check) for check in checks] == [[HEALTH]] * 3
    with container(machine) as port:
        assert status(port, "localhost", "/health") == 200


@pytest.mark.parametrize(
    ("url", "setting"),
    re.findall(r"^\|[^|]+\| `(http[^`]+)`[^|]* \| (.+) \|$", PAGE, re.MULTILINE),
)
def test_a_host_needs_the_setting_in_the_table(
    machine: dict[str, str], url: str, setting: str
) -> None:
    """Without it, a request to that host is rejected."""
    host = str(httpx2.URL(url).host)
    environment = dict([setting.strip("`").split("=")]) if "=" in setting else {}
    with container(machine, **environment) as port:
        allowed, other = status(port, host), status(port, "example.org")
    with container(machine) as port:
        without = status(port, host)

    assert (allowed, other) == (200, 403)
    assert without == (403 if environment else 200)


def test_the_services_reach_each_other(machine: dict[str, str]) -> None:
    """The app calls the sandbox by the name of its service, and the machine on its own port."""
    sandbox, application = SERVICES["sandbox"], SERVICES["app"]
    client = application["environment"]
    base_url, key = client["TRACKINGMORE_BASE_URL"], client["TRACKINGMORE_API_KEY"]
    token = sandbox["environment"]["TRACKINGMORE_SANDBOX_ADMIN_TOKEN"]
    with container(machine, **sandbox["environment"]) as port:
        call = status(port, "sandbox", "/v2/carriers", **{API_KEY_HEADER: key})
        inspected = status(port, "localhost", "/_sandbox/accounts", **{"X-Sandbox-Token": token})

    assert (call, inspected) == (200, 200)
    assert base_url == f"http://sandbox:{PORT}/v2"
    TrackingMore(key, base_url=base_url, sandbox_only=True).close()
    assert application["depends_on"] == {"sandbox": {"condition": "service_healthy"}}
    assert sandbox["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert f"#token={token}`" in PAGE


@pytest.mark.parametrize("address", ["172.18.0.3", "192.168.16.2"])
def test_webhooks_to_the_application_are_allowed(address: str) -> None:
    """By its name, in both ranges of addresses that Docker gives to networks."""
    targets = SERVICES["sandbox"]["environment"]["TRACKINGMORE_SANDBOX_WEBHOOK_TARGETS"]
    policy = UrlPolicy.read(targets.split())

    async def look_up(_host: str, _port: int) -> list[str]:
        return [address]

    (found,) = asyncio.run(find_addresses(read_url("http://app:8000/", policy), policy, look_up))
    assert str(found) == address


def test_the_workflow_starts_a_sandbox(machine: dict[str, str], tmp_path: Path) -> None:
    """It is ready when the step ends, for a client with the environment of the job."""
    (script,) = (step["run"] for step in JOB["steps"] if step.get("name") == "Start the sandbox")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {**machine, "TRACKINGMORE_SANDBOX_PORT": port}
    shell = ["bash", "-e", "-c", script.replace(PORT, port)]
    with subprocess.Popen(shell, env=environment, cwd=tmp_path, start_new_session=True) as process:  # noqa: S603 - of our own page
        try:
            assert process.wait(timeout=60) == 0
            base_url = JOB["env"]["TRACKINGMORE_BASE_URL"].replace(PORT, port)
            with TrackingMore(JOB["env"]["TRACKINGMORE_API_KEY"], base_url=base_url) as client:
                assert client.carriers.list()
        finally:
            os.killpg(process.pid, signal.SIGTERM)

    assert f"Sandbox ready: {base_url}\n" in (tmp_path / "sandbox.log").read_text()
    assert JOB["steps"][-1]["run"] == "cat sandbox.log"


def test_the_example_of_testcontainers_passes(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, machine: dict[str, str]
) -> None:
    """With a process in place of the container."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setattr(local_containers.DockerContainer, "machine", machine)
    for module, name in re.findall(r"from (testcontainers[.\w]+) import (\w+)\n", EXAMPLE):
        members = SimpleNamespace(**{name: getattr(local_containers, name)})
        monkeypatch.setitem(sys.modules, module, members)
    pytester.makepyfile(EXAMPLE)

    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
