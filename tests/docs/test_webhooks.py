"""What the page about webhooks shows is true."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trackingmore_v2_sandbox import Settings
from trackingmore_v2_sandbox.webhooks.payload import compose, corrupt
from trackingmore_v2_sandbox.webhooks.url_policy import UrlPolicy, find_addresses, read_url

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
NOW = 1_772_366_400
EVENT = {"tracking_number": "LK664578623CN", "carrier_code": "china-ems", "status": "transit"}
NAMES = ("china-ems", "LK664578623CN")

Check = Callable[[bytes, str, float], tuple[str, str] | None]


@pytest.fixture
def check() -> Check:
    """Run the page's code, and return its function."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "webhooks.md", "exec"), names)  # noqa: S102 - our own words
    found: Check = names["changed_tracking"]
    return found


def test_the_check_knows_what_the_sandbox_sends(check: Check) -> None:
    """A delivery within five minutes, for the account's own address, and no other."""
    email = Settings().email
    body = compose(EVENT, email, NOW).encode()

    assert check(body, email, NOW) == check(body, email, NOW - 300) == NAMES
    assert check(body, email, NOW + 301) is None
    assert check(body, "other@example.com", NOW) is None


def test_the_check_accepts_the_time_as_a_string(check: Check) -> None:
    """The signature is the same, and the API may send either."""
    email = Settings().email
    body = compose(EVENT, email, NOW).replace(f":{NOW},", f':"{NOW}",')

    assert json.loads(body)["verifyInfo"]["timeStr"] == str(NOW)
    assert check(body.encode(), email, NOW) == NAMES


def test_the_check_finds_what_it_can_find(check: Check) -> None:
    """A wrong signature and a cut body; but another status passes, as the page says."""
    email = Settings().email
    body = compose(EVENT, email, NOW)

    assert check(corrupt(body, "signature").encode(), email, NOW) is None
    assert check(corrupt(body, "cut").encode(), email, NOW) is None
    assert check(corrupt(body, "status").encode(), email, NOW) == NAMES


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'{"verifyInfo":[],"data":{}}',
        b'{"verifyInfo":{"timeStr":null,"signature":""},"data":{}}',
        b'{"verifyInfo":{"timeStr":1,"signature":2},"data":{}}',
        b'{"verifyInfo":{"timeStr":true,"signature":""},"data":{}}',
        b'{"verifyInfo":{"timeStr":1.0,"signature":""},"data":{}}',
        b'{"verifyInfo":{"timeStr":"1","signature":"\\ud800"},"data":{}}',
        b'{"verifyInfo":{"timeStr":Infinity,"signature":""},"data":{}}',
        b"[" * 100_000,
    ],
    ids=range(13),
)
def test_the_check_never_raises(check: Check, body: bytes) -> None:
    """Any body is either valid or rejected."""
    assert check(body, "user@example.com", 1) is None


async def test_the_settings_allow_what_the_page_says() -> None:
    """Each row of the table, and what is rejected nevertheless."""

    async def look_up(host: str, _port: int) -> list[str]:
        return ["10.9.9.9"] if host == "inside" else ["93.184.215.14"]

    async def allows(url: str, *hosts: str, private: bool = False) -> bool:
        policy = UrlPolicy.read(hosts, allow_private=private)
        try:
            await find_addresses(read_url(url, policy), policy, look_up)
        except ValueError:
            return False
        return True

    for host in ("127.9.9.9", "[::1]", "localhost", "a.localhost"):
        assert await allows(f"http://{host}/")
    named = "http://hooks.example.com/"
    assert await allows(named, "hooks.example.com")
    assert not await allows("http://inside/", "inside")
    assert await allows("http://10.1.2.3/", "10.1.0.0/16")
    assert await allows(named, "*")
    assert not await allows("http://10.1.2.3/", "*")
    assert await allows("http://inside/", private=True)
    assert await allows("http://10.1.2.3/", private=True)
    assert not await allows("http://169.254.169.254/", "*", private=True)
    assert await allows("http://169.254.169.254/", "169.254.169.254")
    for url in ("http://2130706433/", "http://0x7f.1/", "http://user@127.0.0.1/"):
        assert not await allows(url, "*", private=True)
