"""What the page about tests shows is true."""

import re
from importlib import import_module

import pytest

import trackingmore_v2_pytest
from tests.docs.pages import blocks, examples, page
from trackingmore_v2._calls.retry import INITIAL_BACKOFF
from trackingmore_v2_pytest.request_report import MAX_LINES

pytest_plugins = ["pytester"]

PAGE = page("testing.md")
EXAMPLES = examples(PAGE)
TESTS = [
    *("A first test", "Code that creates its own client", "Time", "Faults", "Webhooks", "Async"),
    *("Protecting the live API", "Mocking HTTP", "Without pytest"),
]
SETTINGS = "Custom settings"
TEST_OF_SETTINGS = """
def test_the_settings_are_ours(trackingmore_sandbox):
    assert trackingmore_sandbox.account.get().quota == 100
"""
TEST_THAT_FAILS = """
def test_that_fails(trackingmore):
    trackingmore.trackings.create("ups", "SANDBOX-DELIVERD")
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Return a folder where warnings fail, and nothing is loaded but our plugin and anyio's."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    plugins = f"-p {trackingmore_v2_pytest.__name__} -p anyio"
    pytester.makeini(f"[pytest]\naddopts = {plugins}\nfilterwarnings = error\n")
    return pytester


def test_the_examples_pass(project: pytest.Pytester) -> None:
    """Each block is a file with tests, but for the one that belongs into `conftest.py`."""
    for name in TESTS:
        path = project.path / f"test_{re.sub(r'[^a-z]', '_', name.lower())}.py"
        path.write_text(EXAMPLES[name])
    result = project.runpytest_subprocess("-v", timeout=120)

    wanted = sum(len(re.findall(r"def test_", EXAMPLES[name])) for name in TESTS)
    result.assert_outcomes(passed=wanted)


def test_the_settings_are_used(project: pytest.Pytester) -> None:
    """The fixture in `conftest.py` takes the place of ours."""
    project.makeconftest(EXAMPLES[SETTINGS])
    project.makepyfile(TEST_OF_SETTINGS)

    project.runpytest_subprocess(timeout=120).assert_outcomes(passed=1)


def test_a_failed_test_shows_its_requests(project: pytest.Pytester) -> None:
    """The output has the section that the page shows."""
    (shown,) = [each.text for each in blocks("testing.md") if each.section == "Failed tests"]
    project.makepyfile(TEST_THAT_FAILS)
    result = project.runpytest_subprocess(timeout=120)

    title, *requests = shown.splitlines()
    assert title.strip("- ") in result.stdout.str()
    result.stdout.fnmatch_lines([line.replace("[", "[[]") for line in requests])


def test_every_fixture_is_described() -> None:
    """The table names the fixtures of the plugin, and no others."""
    described = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    there = [name for name in vars(trackingmore_v2_pytest) if "trackingmore" in name]

    assert sorted(described) == sorted(there)


def test_further_statements() -> None:
    """The moment, the types, and the pauses of two repeats."""
    assert f"{trackingmore_v2_pytest.FROZEN_AT:%Y-%m-%d %H:%M UTC}" in PAGE
    (types,) = re.findall(r"for annotations: (.+)\.$", PAGE, re.MULTILINE)
    for names, module in re.findall(r"([^;]+) in `([\w.]+)`", types):
        there = vars(import_module(module))
        assert set(re.findall(r"`(\w+)`", names)) <= set(there)
    assert f"newest {MAX_LINES} requests of the test" in PAGE
    assert f"delays of {(INITIAL_BACKOFF + 2 * INITIAL_BACKOFF) * 1e3:.0f} ms at most" in PAGE
