"""
The code of each operation, run as its page shows it.

Each form of it plays the story of the contract's examples in a sandbox of its own: the response
that the sandbox sends to the code must be the example on the page.
"""

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.cli.running import run_command
from tests.contract.document import examples
from tests.contract.story import QUOTA, STORY, Step
from tests.sandbox.harness import OTHER_KEY
from trackingmore_v2_api import API_KEY_HEADER, BASE_URL
from trackingmore_v2_sandbox import Sandbox, SettableClock, Settings
from website.contract import JSON_BODY, Operation, contract, dig, operations, walk
from website.reference import samples
from website.reference.operation_page import operation_page

OPERATIONS = {operation.name: operation for operation in operations(contract())}
STEPS = [step for step in STORY if step.operation in OPERATIONS]
SUCCESS = {200, 201}

Form = Callable[[Operation, Sandbox], None]
"""Runs one form of an operation's code."""


def run_curl(operation: Operation, sandbox: Sandbox) -> None:
    """Run the curl command in a shell."""
    script = samples.curl(operation).replace(BASE_URL, sandbox.base_url)
    command = [shutil.which("bash") or "bash", "-c", script]
    environment = {"TRACKINGMORE_API_KEY": sandbox.api_key}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)  # noqa: S603 - our own words


def run_sync(operation: Operation, _: Sandbox) -> None:
    """Run the code of the sync client."""
    exec(samples.samples()[operation.name].sync_code, {"__name__": "sample"})  # noqa: S102 - our own words


def run_async(operation: Operation, _: Sandbox) -> None:
    """Run the code of the async client."""
    exec(samples.samples()[operation.name].async_code, {"__name__": "sample"})  # noqa: S102 - our own words


def run_command_line(operation: Operation, sandbox: Sandbox, key: str | None = None) -> None:
    """Run the command line, next to the files that it reads."""
    sample = samples.samples()[operation.name]
    for name, text in sample.files.items():
        Path(name).write_text(text, encoding="utf-8")
    program, *words = shlex.split(sample.command.replace("\\\n", " "))
    environment = {
        "HOME": str(Path.cwd()),
        "TRACKINGMORE_API_KEY": key or sandbox.api_key,
        "TRACKINGMORE_BASE_URL": sandbox.base_url,
    }
    done = run_command(*words, environment=environment)
    assert (program, done.status) == ("trackingmore-v2", sample.status), done.messages


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sandbox]:
    """Yield the sandbox that code uses which names none."""
    monkeypatch.chdir(tmp_path)
    clock = SettableClock(datetime(2021, 6, 1, tzinfo=UTC))
    with Sandbox(clock=clock, settings=Settings(quota=QUOTA)) as sandbox:
        monkeypatch.setenv("TRACKINGMORE_API_KEY", sandbox.api_key)
        monkeypatch.setenv("TRACKINGMORE_BASE_URL", sandbox.base_url)
        yield sandbox


def test_every_operation_has_code() -> None:
    """There is a sample of each operation, and the story has the example of its page."""
    told = {(step.operation, step.example) for step in STEPS}

    assert {*samples.samples()} == {*OPERATIONS}
    assert {(it.name, first_example(it)) for it in OPERATIONS.values()} <= told


def test_the_code_is_formatted(tmp_path: Path) -> None:
    """The code of each operation stands on its page as it runs, and as `ruff format` writes it."""
    for operation in OPERATIONS.values():
        sample, page = samples.samples()[operation.name], operation_page(operation)
        for form, text in {"sync": sample.sync_code, "async": sample.async_code}.items():
            assert f"```python\n{text}```" in page
            (tmp_path / f"{operation.name}_{form}.py").write_text(text, encoding="utf-8")

    command = ["ruff", "format", "--isolated", "--diff", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize("form", [run_curl, run_sync, run_async])
def test_the_response_is_the_example(form: Form, sandbox: Sandbox) -> None:
    """The code of each operation sends one request, whose response is that of the page."""
    for step, exchanges in play(form, sandbox):
        assert [received(step, answer) for _, answer in exchanges] == [expected(step)], step


def test_the_command_finds_what_the_example_has(sandbox: Sandbox) -> None:
    """Each command sends the operations that its page names, with the data of the example."""
    for step, exchanges in play(run_command_line, sandbox, without="trackInRealtime"):
        sent = samples.samples()[step.operation].sends or (step.operation,)
        last = received(step, exchanges[-1][1])
        assert tuple(name for name, _ in exchanges) == sent, step
        assert last["meta"]["code"] in SUCCESS, step
        assert has(last, expected(step)["data"]), step


def test_track_queries_in_real_time_what_is_new(sandbox: Sandbox) -> None:
    """The command for a realtime query sends it for a number that the account does not have."""
    run_command_line(OPERATIONS["trackInRealtime"], sandbox, OTHER_KEY)
    exchanges = sandbox.log(api_key=OTHER_KEY)

    assert tuple(it.operation for it in exchanges) == samples.samples()["trackInRealtime"].sends
    assert exchanges[-1].code in SUCCESS


def play(
    form: Form, sandbox: Sandbox, *, without: str = ""
) -> Iterator[tuple[Step, list[tuple[str, Any]]]]:
    """
    Play the story, and yield the steps whose code runs, with the operations and responses of each.

    Args:
        form: Runs the code of an operation.
        sandbox: A sandbox in which nothing has happened.
        without: An operation whose code does not run; the request is sent instead. Default: none.
    """
    for step in STEPS:
        operation = OPERATIONS[step.operation]
        sandbox.clock.set(datetime.fromisoformat(f"2021-05-{step.time}+00:00"))
        if step.example != first_example(operation) or step.operation == without:
            send(step, sandbox)
            continue
        last = max((exchange.sequence for exchange in sandbox.log()), default=0)
        form(operation, sandbox)
        exchanges = sandbox.log(after=last)
        yield step, [(str(it.operation), json.loads(it.response)) for it in exchanges]


def first_example(operation: Operation) -> str:
    """Return the name of the example that the page shows with the code."""
    return str(next(iter(_answers(operation))))


def expected(step: Step) -> Any:
    """Return the example of a step's response."""
    return _answers(OPERATIONS[step.operation])[step.example]


def received(step: Step, answer: Any) -> Any:
    """Return a response, of a list of carriers only those of the example, which is an excerpt."""
    if step.operation == "listCarriers":
        wanted = expected(step)["data"]
        return {**answer, "data": [carrier for carrier in answer["data"] if carrier in wanted]}
    return answer


def has(answer: Any, data: Any) -> bool:
    """Return whether a response has the data of an example, alone or as an item."""
    return data == [] or any(node == data for _, node in walk(answer))


def _answers(operation: Operation) -> Any:
    return examples(contract(), dig(operation.value, "responses", "200", *JSON_BODY))


def send(step: Step, sandbox: Sandbox) -> None:
    """Send the request of a step that no page shows with code."""
    operation = OPERATIONS[step.operation]
    given, _ = samples.request_of(operation)
    body = examples(contract(), dig(operation.value, "requestBody", *JSON_BODY)).get(step.example)
    url = sandbox.base_url + operation.path.format(**given)
    headers = {API_KEY_HEADER: sandbox.api_key}
    httpx2.request(operation.method, url, json=body, headers=headers).raise_for_status()
