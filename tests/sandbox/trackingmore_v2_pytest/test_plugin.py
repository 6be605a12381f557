"""The fixtures for users' tests, in runs of pytest like those of users."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import TypeAlias

import pytest

import trackingmore_v2_sandbox

pytest_plugins = ["pytester"]

PROJECT = Path(__file__).parents[3]
PLUGIN = "trackingmore_v2_pytest"
CREATE = 'trackingmore.trackings.create("ups", "SANDBOX-TRANSIT-1H-DELIVERED")'

Run: TypeAlias = Callable[..., pytest.RunResult]


@pytest.fixture(scope="session")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a folder for what is compiled, which many runs would do again otherwise."""
    return str(tmp_path_factory.mktemp("bytecode"))


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, bytecode: str) -> Run:
    """Run tests in a process of their own, where the package is installed, and warnings fail."""
    for name in ("PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", bytecode)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # of whatever is installed here
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    entries = "\n".join(
        f"{name} = {module}" for name, module in project["entry-points"]["pytest11"].items()
    )
    installed = pytester.mkdir("like_ours-1.0.dist-info")
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: like-ours\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(f"[pytest11]\n{entries}\n")

    def run_tests(code: str, *options: str, conftest: str = "") -> pytest.RunResult:
        pytester.makepyfile(dedent(code))
        pytester.makeconftest(dedent(conftest))
        return pytester.runpytest_subprocess(f"-p{PLUGIN}", "-Werror", *options, timeout=120)

    return run_tests


def test_a_run_without_the_fixtures_imports_nothing(run: Run) -> None:
    """Neither when tests are collected nor when they run."""
    conftest = """
        import sys

        HEAVY = {"starlette", "uvicorn", "msgspec", "httpx2", "asyncio", "http.server"}
        OURS = {"trackingmore_v2", "trackingmore_v2_api", "trackingmore_v2_sandbox"}

        def pytest_unconfigure(config):
            assert config.pluginmanager.has_plugin("trackingmore_v2_pytest")
            print("imported:", (HEAVY | OURS) & sys.modules.keys())
    """
    for option in ("--collect-only", "--fixtures", "-v"):
        result = run("def test_nothing(): ...", option, conftest=conftest)
        assert result.ret == 0
        result.stdout.fnmatch_lines(["imported: set()"])


def test_pytest_finds_it(
    run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the package is installed nothing needs to be said, and may be said all the same."""
    code = "def test_it(trackingmore): trackingmore.account.get()"
    run(code, conftest=f"pytest_plugins = [{PLUGIN!r}]").assert_outcomes(passed=1)
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")

    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_each_test_has_an_account_of_its_own(run: Run) -> None:
    """One server for all, a key for each, the same one in each run; nothing outlives a test."""
    code = f"""
        import pytest

        SEEN = {{}}

        @pytest.mark.parametrize("turn", range(3))
        def test_it(trackingmore, trackingmore_sandbox, trackingmore_server, turn):
            assert trackingmore.trackings.list().total() == 0
            {CREATE}
            assert len(trackingmore_sandbox.trackings()) == 1
            assert trackingmore_server.trackings() == []
            SEEN[trackingmore_sandbox.api_key] = trackingmore_sandbox.base_url

        def test_all(trackingmore_server):
            print(*SEEN)
            assert len(SEEN) == 3
            assert set(SEEN.values()) == {{trackingmore_server.base_url}}
            assert sum(each.trackings for each in trackingmore_server.accounts()) == 0
    """
    first, second = run(code, "-s"), run(code, "-s")

    first.assert_outcomes(passed=4)
    keys = [line for line in first.outlines if line.count("-") == 12]
    assert keys
    assert keys[0] in second.outlines


FAILED_CALLS = """
    from trackingmore_v2 import Hooks

    def test_call(trackingmore):
        trackingmore.trackings.create("ups", "SANDBOX-DELIVERD")

    def test_argument(trackingmore):
        trackingmore.trackings.get("ups", 5)

    def test_fault(trackingmore_faults):
        trackingmore_faults.plan({"getAccount": "no such fault"})

    def test_sandbox(trackingmore_sandbox):
        trackingmore_sandbox.webhooks.add("http://example.com/")

    def test_clock(trackingmore_clock):
        trackingmore_clock.advance(-1)

    def test_receiver(trackingmore_webhooks):
        trackingmore_webhooks.wait(1, timeout=0)

    def test_callback(trackingmore):
        def fail(*_):
            raise ValueError("of the callback")

        trackingmore.with_options(hooks=Hooks(on_attempt=fail)).account.get()
"""


def test_a_failed_test_reports_its_requests(run: Run) -> None:
    """Those of any client, with hints; not those of other tests, of passed ones or of none."""
    result = run("""
        from urllib.request import Request, urlopen

        def test_other_client(trackingmore_sandbox):
            headers = {"Trackingmore-Api-Key": trackingmore_sandbox.api_key}
            for path in ["/nowhere"] * 20 + ["/carriers/list"]:
                urlopen(Request(trackingmore_sandbox.base_url + path, headers=headers))
            assert len(trackingmore_sandbox.log()) == 0

        def test_passes(trackingmore):
            trackingmore.account.get()

        def test_without_requests(trackingmore_sandbox):
            assert trackingmore_sandbox is None
    """)

    result.assert_outcomes(passed=1, failed=2)
    output = result.stdout.str()
    assert output.count("Captured sandbox requests call") == 1
    assert "(earlier requests: 1)" in output
    assert output.count("GET /v2/nowhere 200 404  path: expected a path of the contract") == 19
    assert "GET /v2/carriers/list 200 404  path: " in output
    assert "getuserinfo" not in output


def test_a_traceback_ends_at_the_call_of_the_package(run: Run) -> None:
    """It holds no frame of client and sandbox, but all that lead to a callback of the test."""
    result = run(FAILED_CALLS, "--tb=short", "-k", "not callback")
    callback = run(FAILED_CALLS, "--tb=short", "-k", "callback")
    whole = run(FAILED_CALLS, "--tb=short", "-k", "test_clock", "--full-trace")
    ours = re.compile(r"(overlay|sandbox|site-packages)/trackingmore_v2\w*/.*\.py:\d+")

    result.assert_outcomes(failed=6, deselected=1)
    assert {line for line in result.outlines if ours.search(line)} == set()
    assert any(line.endswith(": in fail") for line in callback.outlines)
    assert [line for line in whole.outlines if ours.search(line)]


def test_the_environment_is_that_of_the_test(run: Run) -> None:
    """Code under test, and processes that it starts, use the account of the test."""
    result = run(
        """
        import os, subprocess, sys
        from trackingmore_v2 import TrackingMore

        CREATE = (
            "from trackingmore_v2 import TrackingMore; "
            "TrackingMore().trackings.create('ups', 'SANDBOX-PICKUP')"
        )

        def test_it(trackingmore_env, trackingmore_sandbox):
            assert trackingmore_env.items() <= os.environ.items()
            with TrackingMore() as client:
                client.trackings.create("ups", "SANDBOX-TRANSIT")
            subprocess.run([sys.executable, "-c", CREATE], check=True)
            assert len(trackingmore_sandbox.trackings()) == 2

        def test_afterwards():
            assert os.environ["TRACKINGMORE_API_KEY"] == "of the shell"
            assert "TRACKINGMORE_BASE_URL" not in os.environ
        """,
        conftest="import os; os.environ['TRACKINGMORE_API_KEY'] = 'of the shell'",
    )

    result.assert_outcomes(passed=2)


def test_tests_side_by_side_never_meet(run: Run) -> None:
    """Under pytest-xdist each worker has a server, and each test an account."""
    code = f"""
        import pytest

        @pytest.mark.parametrize("turn", range(40))
        def test_it(trackingmore, trackingmore_clock, trackingmore_faults, turn):
            {CREATE}
            trackingmore_faults.plan({{"getTracking": "code=4031"}})
            trackingmore_clock.advance(60 * turn)
            assert [tracking.status for tracking in trackingmore.trackings.list()] == ["transit"]
            with pytest.raises(Exception, match="4031"):
                trackingmore.trackings.get("ups", "SANDBOX-TRANSIT-1H-DELIVERED")
    """
    result = run(code, "-pxdist", "-n2")

    result.assert_outcomes(passed=40)
    assert "2 workers" in result.stdout.str()


def test_clients_speak_to_sandboxes_only(run: Run) -> None:
    """Even a user's own fixtures cannot direct a key to another server."""
    code = """
        import asyncio
        from types import SimpleNamespace

        import pytest

        from trackingmore_v2 import NotASandbox
        from trackingmore_v2_pytest.receiver import WebhookReceiver

        @pytest.fixture
        def trackingmore_sandbox():
            with WebhookReceiver() as other:
                yield SimpleNamespace(api_key="secret", base_url=other.url)

        def test_it(trackingmore, async_trackingmore):
            with pytest.raises(NotASandbox):
                trackingmore.account.get()
            with pytest.raises(NotASandbox):
                asyncio.run(async_trackingmore.account.get())
    """
    run(code).assert_outcomes(passed=1)


ASYNC = """
    import asyncio
    import gc

    import pytest

    NUMBERS = ["SANDBOX-TRANSIT", "SANDBOX-PICKUP", "SANDBOX-DELIVERED"]

    MARK
    @pytest.mark.parametrize("turn", range(2))
    async def test_it(async_trackingmore, turn):
        await asyncio.gather(
            *(async_trackingmore.trackings.create("ups", number) for number in NUMBERS)
        )
        assert await async_trackingmore.trackings.list().total() == len(NUMBERS)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await async_trackingmore.account.get()

    def test_nothing_is_left():
        gc.collect()
"""


@pytest.mark.parametrize(
    ("mark", "options"),
    [
        ("@pytest.mark.anyio", ["-panyio", "-kasyncio or nothing"]),
        ("@pytest.mark.asyncio", ["-pasyncio", "-oasyncio_default_fixture_loop_scope=function"]),
    ],
    ids=["anyio", "pytest-asyncio"],
)
def test_the_async_client_works_with_any_plugin(run: Run, mark: str, options: list[str]) -> None:
    """It leaves nothing in an event loop that a plugin closes after the test."""
    run(ASYNC.replace("MARK", mark), *options).assert_outcomes(passed=3)


def test_the_async_client_works_without_a_plugin(run: Run) -> None:
    """One loop after the other may use it."""
    code = """
        import asyncio
        import gc

        def test_it(async_trackingmore):
            for turn in range(3):
                asyncio.run(async_trackingmore.account.get())
                gc.collect()
    """
    run(code).assert_outcomes(passed=1)


def test_time_stands_still_from_the_start(run: Run) -> None:
    """Also when another fixture creates a tracking first, or the clock is asked for late."""
    code = f"""
        import pytest

        from trackingmore_v2_pytest import FROZEN_AT

        @pytest.fixture
        def tracking(trackingmore):
            return {CREATE}

        def test_early(tracking, trackingmore, trackingmore_clock):
            assert trackingmore_clock.now() == FROZEN_AT
            trackingmore_clock.advance(3600)
            found = trackingmore.trackings.get(tracking.carrier_code, tracking.tracking_number)
            assert found.status == "delivered"
            assert tracking.created_at == FROZEN_AT

        def test_late(request):
            assert request.getfixturevalue("trackingmore_clock").now() == FROZEN_AT

        def test_not_at_all(trackingmore_sandbox):
            assert not trackingmore_sandbox.clock.state().frozen
    """
    run(code).assert_outcomes(passed=3)


def test_faults_that_are_not_met_fail_the_test(run: Run) -> None:
    """The message names them; those that were met, cleared, or left to chance are fine."""
    code = f"""
        import pytest

        from trackingmore_v2 import ServerFailed

        PLAN = {{"createTracking": ["status=503", "lose-response"]}}

        def test_met(trackingmore, trackingmore_faults):
            trackingmore_faults.plan(PLAN)
            with pytest.raises(ServerFailed):
                {CREATE}
            trackingmore.with_options(retries=1).trackings.create("ups", "SANDBOX-TRANSIT_2")

        def test_left(trackingmore, trackingmore_faults):
            trackingmore_faults.plan(PLAN)
            with pytest.raises(ServerFailed):
                {CREATE}

        def test_named(trackingmore_faults):
            trackingmore_faults.plan({{"*": "html"}}, name="proxy")

        def test_cleared(trackingmore_faults):
            trackingmore_faults.plan(PLAN)
            trackingmore_faults.clear()

        def test_chance(trackingmore_faults):
            trackingmore_faults.random(PLAN, probability=0.5)
    """
    result = run(code)

    result.assert_outcomes(passed=5, errors=2)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_left*",
            "*unused faults; no request matched these planned instructions:*",
            "  createTracking: lose-response",
            "*trackingmore_faults.clear()*",
            "*ERROR at teardown of test_named*",
            "  [*]: html  (plan 'proxy')",
        ]
    )


def test_webhooks_are_there_when_time_has_passed(run: Run) -> None:
    """All due deliveries, each attempt with its event, without waiting."""
    code = f"""
        def test_it(trackingmore, trackingmore_clock, trackingmore_webhooks):
            {CREATE}
            trackingmore_clock.advance(0)
            assert [each.tracking.status for each in trackingmore_webhooks.received] == ["transit"]
            trackingmore_webhooks.respond_with(500, 503)
            trackingmore_clock.advance(2 * 3600)
            first, *tries = trackingmore_webhooks.received
            assert [each.tracking.status for each in tries] == ["delivered"] * 3
            assert first.headers["content-type"] == "application/json"
            assert b'"verifyInfo"' in first.body

        def test_another(trackingmore_clock, trackingmore_webhooks):
            trackingmore_clock.advance(3600)
            assert trackingmore_webhooks.received == []
    """
    run(code).assert_outcomes(passed=2)


def test_a_failed_assertion_names_the_frozen_clock(run: Run) -> None:
    """Whether the test asks for any webhook, or for a number of them."""
    code = """
        def test_any(trackingmore_webhooks):
            assert trackingmore_webhooks.received

        def test_one(trackingmore_webhooks):
            assert len(trackingmore_webhooks.received) == 1
    """
    result = run(code)

    result.assert_outcomes(failed=2)
    frozen = "<no webhook yet; the clock is frozen at 2026-01-05 12:00:00 UTC; advance it with *>"
    result.stdout.fnmatch_lines([f"E * assert {frozen}", f"E * where 0 = len({frozen})"])


def test_the_server_may_be_ones_own(run: Run) -> None:
    """A fixture of the same name gives the sandbox other settings, for all other fixtures."""
    conftest = """
        import pytest

        from trackingmore_v2_sandbox import Sandbox, Settings

        @pytest.fixture(scope="session")
        def trackingmore_server():
            with Sandbox(settings=Settings(email="me@example.org")) as sandbox:
                yield sandbox
    """
    code = """
        def test_it(trackingmore):
            assert trackingmore.account.get().email == "me@example.org"
    """
    run(code, conftest=conftest).assert_outcomes(passed=1)


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_the_fixtures_say_what_to_install(run: Run, missing: str) -> None:
    """One line instead of a traceback, and only for tests that use them."""
    code = """
        def test_with(trackingmore): ...
        def test_without(): ...
    """
    result = run(code, conftest=f"import sys; sys.modules[{missing!r}] = None")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [f"{missing}* is not installed; run: python3 -m pip install 'trackingmore-v2[[]sandbox]'"]
    )
    assert "another exception" not in result.stdout.str()


def test_every_public_name_of_the_sandbox_is_there() -> None:
    """They are imported on first access, and no others."""
    for name in trackingmore_v2_sandbox.__all__:
        assert getattr(trackingmore_v2_sandbox, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = trackingmore_v2_sandbox.Nothing  # type: ignore[attr-defined]  # that is the point
