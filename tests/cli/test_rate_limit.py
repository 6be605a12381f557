"""The rate limit that the commands of a user share."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from trackingmore_v2_api.operations import OPERATIONS
from trackingmore_v2_cli._rate_limit import FILE_NAME
from trackingmore_v2_cli._session import Session

KEY = "3c1f8f02-1111-4222-8333-0123456789ab"
LIVE = "https://api.example.com/v2"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cache folder, which does not exist yet."""
    monkeypatch.setenv("TRACKINGMORE_API_KEY", KEY)
    monkeypatch.setenv("TRACKINGMORE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Yield what closes the sessions of a test."""
    with ExitStack() as stack:
        yield stack


def delay_of_request(opened: ExitStack, url: str = LIVE) -> float:
    """Return the delay of the next request of another command."""
    context = opened.enter_context(Session(base_url=url)).client._context  # noqa: SLF001 - the limiter in use
    assert context.limiter
    slot = context.limiter.reserve(context.config.api_key.digest(), OPERATIONS["listTrackings"])
    assert slot
    return slot.delay


def test_commands_share_the_limit(cache: Path, opened: ExitStack) -> None:
    """Each would otherwise begin with a request at once."""
    assert [delay_of_request(opened) > 0 for _ in range(2)] == [False, True]

    assert KEY.encode() not in b"".join(each.read_bytes() for each in cache.glob(f"{FILE_NAME}*"))


def test_folder_that_cannot_be_used(cache: Path, opened: ExitStack) -> None:
    """Each command then keeps the limit for itself."""
    cache.write_text("a file")

    assert [delay_of_request(opened) for _ in range(2)] == [0, 0]


def test_file_of_another_program(cache: Path, opened: ExitStack) -> None:
    """It is left as it is."""
    cache.mkdir()
    (cache / FILE_NAME).write_text("a note, and not a database" * 100)

    assert delay_of_request(opened) == 0
    assert (cache / FILE_NAME).read_text() == "a note, and not a database" * 100


@pytest.mark.usefixtures("cache")
def test_server_on_this_machine(opened: ExitStack) -> None:
    """It has no limit."""
    session = opened.enter_context(Session(base_url="http://127.0.0.1:8642/v2"))

    assert session.client._context.limiter is None  # noqa: SLF001 - the limiter in use
