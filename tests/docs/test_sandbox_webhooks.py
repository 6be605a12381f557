"""What the page about the sandbox's webhooks shows is true."""

from tests.docs.pages import page
from trackingmore_v2_sandbox.webhooks.url_policy import UrlPolicy, find_addresses, read_url

PAGE = page("sandbox-webhooks.md")


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
