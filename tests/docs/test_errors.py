"""What the page about errors shows is true, besides the outputs of its blocks."""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.docs.pages import examples, page
from trackingmore_v2 import ApiError, TrackingMoreError, _errors
from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2_sandbox import API_KEY, Sandbox

PAGE = page("errors.md")
EXAMPLES = examples(PAGE)
TRACKING = {"carrier_code": "ups", "tracking_number": "1Z97X17XYW06605211"}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note for how long the client would have waited."""
    noted: list[float] = []
    monkeypatch.setattr(CallClock, "sleep", lambda _clock, seconds: noted.append(seconds))
    return noted


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Yield the sandbox of the examples."""
    with Sandbox() as sandbox:
        monkeypatch.setenv("TRACKINGMORE_API_KEY", API_KEY)
        monkeypatch.setenv("TRACKINGMORE_BASE_URL", sandbox.base_url)
        yield sandbox


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[[str], list[str]]:
    """Return a function that runs an example, and returns the lines that it prints."""

    def run_example(name: str) -> list[str]:
        exec(compile(EXAMPLES[name], name, "exec"), {"__name__": "example"})  # noqa: S102 - our own words
        return capsys.readouterr().out.splitlines()

    return run_example


Run = Callable[[str], list[str]]


@pytest.mark.usefixtures("waits")
def test_outcome_unknown(run: Run, sandbox: Sandbox) -> None:
    """A tracking that a lost attempt created is adopted; one that it deleted is not there."""
    example = "Outcome unknown"
    sandbox.faults.plan({"createTracking": "lose-response", "deleteTracking": "lose-response"})
    lost = run(example)
    sandbox.seed([TRACKING])
    existed = run(example)
    sandbox.seed([TRACKING])
    sandbox.faults.plan({"createTracking": "reset-before"})
    uncertain = run(example)

    assert lost == ["adopted", "not there"]
    assert existed == ["it existed before", "deleted"]
    assert uncertain == ["it may be ours", "deleted"]


def test_a_server_that_is_not_there(
    run: Run, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After four retries, nothing was sent."""
    monkeypatch.setenv("TRACKINGMORE_API_KEY", API_KEY)
    monkeypatch.setenv("TRACKINGMORE_BASE_URL", "http://127.0.0.1:9/v2")

    assert run("Handle errors") == ["no response: not sent"]
    assert len(waits) == 4


def test_the_tree_is_that_of_the_module() -> None:
    """The page has the tree of the docstring, word for word."""
    (tree,) = re.findall(r"^    TrackingMoreError\n(?:      .+\n)+", PAGE, re.MULTILINE)

    assert tree in (_errors.__doc__ or "")
    assert all(name in tree or "Reason" in name for name in _errors.__all__)


def test_each_class_of_the_api_has_its_codes() -> None:
    """The table has each class with the codes that raise it."""
    rows = dict(re.findall(r"^\| `(\w+)` \| ([\d, ]+) \|", PAGE, re.MULTILINE))
    codes: dict[str, list[str]] = {cls.__name__: [] for cls in ApiError.__subclasses__()}
    for code, cls in _errors.API_ERRORS.items():
        codes[cls.__name__].append(str(code))

    assert {name: text.split(", ") for name, text in rows.items()} == codes


def test_what_to_do_is_named_for_each_base() -> None:
    """The first table has each class directly below `TrackingMoreError`."""
    direct = {cls.__name__ for cls in TrackingMoreError.__subclasses__()}
    first, _, _ = PAGE.partition("Each meaning of an `ApiError`")

    assert {name for name in direct if f"`{name}`" not in first} == set()
