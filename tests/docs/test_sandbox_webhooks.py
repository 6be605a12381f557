"""What the page about the sandbox's webhooks shows is true."""

import inspect
import re
from typing import get_args

from tests.docs.pages import page
from trackingmore_v2_api.webhooks import WebhookForm
from trackingmore_v2_sandbox import Settings
from trackingmore_v2_sandbox.admin.python_api import WebhookMethods
from trackingmore_v2_sandbox.store.models import Corruption
from trackingmore_v2_sandbox.webhooks.retry_policy import ATTEMPTS, next_attempt_at
from trackingmore_v2_sandbox.webhooks.url_policy import (
    MAX_TARGETS,
    UrlPolicy,
    find_addresses,
    read_url,
)

PAGE = page("sandbox-webhooks.md")


def test_every_option_is_in_a_table() -> None:
    """Each option that says how deliveries are sent, with each of its values."""
    options = inspect.signature(WebhookMethods.add).parameters.keys()
    named = set(re.findall(r"^\| `(\w+)", PAGE, re.MULTILINE))
    values = set(re.findall(r'^\| `(form|corrupt): "(\w+)"`', PAGE, re.MULTILINE))

    assert options - {"self", "url", "statuses", "api_key"} <= named
    assert {value for name, value in values if name == "form"} == set(get_args(WebhookForm))
    assert {value for name, value in values if name == "corrupt"} == set(get_args(Corruption))


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


def test_figures() -> None:
    """The schedule of retries, the number of targets, and the timeout of an attempt."""
    delays = [
        next_attempt_at(attempt, 0, callback=True, attempts=ATTEMPTS) or 0
        for attempt in range(1, ATTEMPTS)
    ]

    assert f"is retried after {delays[0]} seconds" in PAGE
    assert f"up to {ATTEMPTS} attempts in {sum(delays):,} seconds" in PAGE
    assert MAX_TARGETS == 4
    assert "An account has up to four targets" in PAGE
    assert f"The timeout of an attempt is {Settings().webhook_timeout:g} seconds." in PAGE
