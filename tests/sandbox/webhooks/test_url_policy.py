from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from trackingmore_v2_sandbox import Settings, SqliteStore, create_app
from trackingmore_v2_sandbox.store.models import WebhookTarget
from trackingmore_v2_sandbox.webhooks.subscriptions import add_target, find_target, remove_target
from trackingmore_v2_sandbox.webhooks.url_policy import (
    ForbiddenTarget,
    InvalidTarget,
    TargetError,
    TooManyTargets,
    UnknownTarget,
    UrlPolicy,
    find_addresses,
    read_url,
)

LOCAL = UrlPolicy()
HOOK = "http://127.0.0.1:8080/hook"
SPECIAL = [
    "169.254.169.254",
    "169.254.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "0.1.2.3",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.2.1",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[::ffff:8.8.8.8]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[2001::1]",
    "[fe80::1]",
    "[ff02::1]",
    "[fd00:ec2::254]",
]
PRIVATE = ["10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1", "100.64.0.1", "[fd12::1]"]
PUBLIC = ["93.184.215.14", "8.8.8.8", "[2606:4700::1111]"]


class Resolver:
    """A resolver with one result, which counts its calls."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses."""
        self.asked.append((host, port))
        return self.addresses


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    """Open a store in memory."""
    store = SqliteStore()
    yield store
    store.close()


def add(store: SqliteStore, url: str = HOOK, **fields: Any) -> WebhookTarget:
    """Add a target."""
    return add_target(store, "a", {"url": url, **fields}, LOCAL)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://127.0.0.1", "127.0.0.1", 80),
        ("https://127.255.0.1/x", "127.255.0.1", 443),
        ("HTTP://LocalHost:8080/a?b=c#d", "localhost", 8080),
        ("http://localhost./", "localhost", 80),
        ("http://shop.localhost:1/", "shop.localhost", 1),
        ("http://[::1]:65535/", "::1", 65535),
        ("http://[0:0::1]/", "0:0::1", 80),
    ],
)
def test_this_machine_is_allowed(url: str, host: str, port: int) -> None:
    """The names and addresses of the loopback interface are good targets."""
    endpoint = read_url(url, LOCAL)

    assert (endpoint.host, endpoint.port) == (host, port)
    assert endpoint.is_secure is url.startswith("https")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8080",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "http:///x",
        "http://",
        "http://:80/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
        "http://127.0.0.1:http/",
        "http://127.0.0.1:80:80/",
        "http://user@127.0.0.1/",
        "http://user:word@127.0.0.1/",
        "http://127.0.0.1@example.com/",
        "http://127.0.0.1\\@example.com/",
        "http://127.0.0.1\\.example.com/",
        "http://127.0.0.1 /",
        "http://127.0.0.1/\n",
        "http://127.0.0.1/\x00",
        "http://127.0.0.1/ä",
        "http://①②⑦.0.0.1/",
        "http://bücher.example/",
        "http://%3127.0.0.1/",
        "http://local_host%2e/",
        "http://*.example/",
        "http://-a/",
        "http://a..b/",
        "http://[::1/",
        "http://[::1]x/",
        "http://x[::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[::1%25lo]/",
        "http://[127.0.0.1]/",
        "http://[localhost]/",
        "http://127.0.0.1/" + "x" * 2048,
    ],
)
def test_an_ambiguous_url_is_rejected(url: str) -> None:
    """Programs may parse it differently."""
    with pytest.raises(InvalidTarget):
        read_url(url, UrlPolicy.read(["*", "0.0.0.0/0", "::/0"], allow_private=True))


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.0x1",
        "127.0.0.01",
        "1.2.3.4.5",
        "256.0.0.1",
        "0x",
        "a.1",
        "a.0x7f",
        "1:2:3",
    ],
)
def test_an_unusually_written_address_is_rejected(host: str) -> None:
    """Decimal, octal, hexadecimal and short forms, whatever is allowed."""
    host = f"[{host}]" if ":" in host else host
    with pytest.raises(InvalidTarget):
        read_url(f"http://{host}/", UrlPolicy.read(["*", "0.0.0.0/0"], allow_private=True))


@pytest.mark.behaviour("delivery.url-policy")
@pytest.mark.parametrize("host", SPECIAL + PRIVATE + PUBLIC)
def test_other_machines_are_rejected_by_default(host: str) -> None:
    """Only this machine is allowed."""
    with pytest.raises(ForbiddenTarget, match="allow"):
        read_url(f"http://{host}:8080/", LOCAL)


@pytest.mark.parametrize(
    "name", ["example.com", "router", "metadata.google.internal", "localhost.x"]
)
def test_other_names_are_rejected_by_default(name: str) -> None:
    """They are not resolved."""
    with pytest.raises(
        ForbiddenTarget,
        match=rf"host {name} is not allowed; allow it with --webhook-targets {name}",
    ):
        read_url(f"http://{name}/", LOCAL)


@pytest.mark.behaviour("delivery.url-policy")
@pytest.mark.parametrize("host", SPECIAL)
def test_special_addresses_are_rejected_unless_listed(host: str) -> None:
    """Metadata services, link-local, multicast and mapped addresses."""
    with pytest.raises(ForbiddenTarget, match="allow it with --webhook-targets"):
        read_url(f"http://{host}/", UrlPolicy.read(["*"], allow_private=True))


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("169.254.169.254", "metadata service"),
        ("169.254.0.1", "link-local"),
        ("[fe80::1]", "link-local"),
        ("0.0.0.1", "unspecified"),
        ("[::]", "unspecified"),
        ("[ff02::1]", "multicast"),
        ("[::ffff:8.8.8.8]", "embedded in an IPv6 address"),
        ("192.0.2.1", "reserved"),
    ],
)
def test_a_rejection_names_the_kind_of_address(host: str, kind: str) -> None:
    """By its most specific property."""
    with pytest.raises(ForbiddenTarget, match=kind):
        read_url(f"http://{host}/", LOCAL)


@pytest.mark.parametrize("host", SPECIAL + PRIVATE + PUBLIC)
def test_a_listed_address_is_allowed(host: str) -> None:
    """Even a special one."""
    assert read_url(f"http://{host}/", UrlPolicy.read([host])).address


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_can_be_allowed(host: str) -> None:
    """All of them at once, or by network; public ones are another matter."""
    assert read_url(f"http://{host}/", UrlPolicy.read([], allow_private=True)).address
    with pytest.raises(ForbiddenTarget, match="private address"):
        read_url(f"http://{host}/", UrlPolicy.read(["*"]))


@pytest.mark.parametrize("host", PUBLIC)
def test_public_addresses_can_be_allowed(host: str) -> None:
    """All of them at once; private ones are another matter."""
    assert read_url(f"http://{host}/", UrlPolicy.read(["*"])).address
    with pytest.raises(ForbiddenTarget, match="not on this machine"):
        read_url(f"http://{host}/", UrlPolicy.read([], allow_private=True))


def test_networks_can_be_allowed() -> None:
    """A network allows its addresses, and no others."""
    policy = UrlPolicy.read(["10.1.2.3/16", "fd12::/16"])

    assert read_url("http://10.1.255.255/", policy).address
    assert read_url("http://[fd12::7]/", policy).address
    with pytest.raises(ForbiddenTarget):
        read_url("http://10.2.0.0/", policy)


@pytest.mark.parametrize("entry", ["", "http://a", "a b", "*.example.com", "10.0.0.0/33", "a:80"])
def test_an_invalid_entry_is_rejected(entry: str) -> None:
    """A pattern or a URL in the list would allow nothing."""
    with pytest.raises(InvalidTarget):
        UrlPolicy.read([entry])
    store = SqliteStore()
    with pytest.raises(ValueError, match="ASCII"):
        create_app(store, settings=Settings(webhook_hosts=frozenset({entry})))
    store.close()


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST.", "shop.localhost"])
async def test_names_of_this_machine_are_not_resolved(name: str) -> None:
    """They are the loopback interface."""
    resolver = Resolver("10.0.0.1")
    found = await find_addresses(read_url(f"http://{name}/", LOCAL), LOCAL, resolver)

    assert [str(address) for address in found] == ["127.0.0.1", "::1"]
    assert resolver.asked == []


@pytest.mark.parametrize("address", [host.strip("[]") for host in SPECIAL + PRIVATE])
async def test_a_name_with_a_private_address_is_rejected(address: str) -> None:
    """An allowed name allows public addresses only; one private address is enough."""
    policy = UrlPolicy.read(["hooks.example.com"])
    endpoint = read_url("https://hooks.example.com/x", policy)
    resolver = Resolver("93.184.215.14", address)

    with pytest.raises(ForbiddenTarget, match=r"hooks\.example\.com resolves to"):
        await find_addresses(endpoint, policy, resolver)
    assert resolver.asked == [("hooks.example.com", 443)]


async def test_an_allowed_name_is_resolved_when_needed() -> None:
    """All its addresses are returned, once each, in the resolver's order."""
    policy = UrlPolicy.read(["Hooks.Example.com."])
    endpoint = read_url("http://hooks.example.com:81/", policy)
    resolver = Resolver("2606:4700::1111", "93.184.215.14", "2606:4700::1111", "127.0.0.1")
    found = await find_addresses(endpoint, policy, resolver)

    assert list(map(str, found)) == ["2606:4700::1111", "93.184.215.14", "127.0.0.1"]
    assert resolver.asked == [("hooks.example.com", 81)]


async def test_a_name_with_a_private_address_can_be_allowed() -> None:
    """By allowing private addresses, or by name and network."""
    for policy in (
        UrlPolicy.read([], allow_private=True),
        UrlPolicy.read(["app", "172.16.0.0/12"]),
    ):
        endpoint = read_url("http://app:8000/", policy)
        found = await find_addresses(endpoint, policy, Resolver("172.18.0.3"))
        assert list(map(str, found)) == ["172.18.0.3"]


async def test_stored_targets_are_checked_again() -> None:
    """A stricter policy applies to them too."""
    before = UrlPolicy.read(["hooks.example.com", "10.0.0.1"])
    resolver = Resolver("127.0.0.1")
    for url in ("http://hooks.example.com/", "http://10.0.0.1/"):
        endpoint = read_url(url, before)
        with pytest.raises(ForbiddenTarget):
            await find_addresses(endpoint, LOCAL, resolver)
    assert resolver.asked == []


async def test_an_unresolvable_name_is_a_network_error() -> None:
    """It is not an error of the target."""
    policy = UrlPolicy.read(["*"])
    with pytest.raises(OSError, match="has no address"):
        await find_addresses(read_url("http://a.example/", policy), policy, Resolver())


def test_a_target_is_stored_with_its_options(store: SqliteStore) -> None:
    """Options that are not given have their defaults."""
    plain = add(store)
    full = add(
        store,
        "http://localhost/x",
        statuses=["delivered", "exception"],
        callback=False,
        duplicate=True,
        reorder=True,
        corrupt="cut",
        delay_seconds=60,
        form="2017",
        re_sign=False,
    )

    assert store.targets("a") == [plain, full]
    assert plain == WebhookTarget("a", plain.id, HOOK)
    assert full == WebhookTarget(
        "a",
        full.id,
        "http://localhost/x",
        ("delivered", "exception"),
        "2",
        callback=False,
        duplicate=True,
        reorder=True,
        corrupt="cut",
        delay_seconds=60,
        form="2017",
        re_sign=False,
    )
    assert find_target(store, "a", full.id) == full
    assert store.targets("b") == []


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"statuses": ["lost"]}, "'lost'"),
        ({"statuses": "delivered"}, "statuses"),
        ({"version": "4"}, "version"),
        ({"callback": "yes"}, "callback"),
        ({"corrupt": "all"}, "corrupt"),
        ({"delay_seconds": -1}, "delay_seconds"),
        ({"delay_seconds": 10**9}, "delay_seconds"),
        ({"form": "2018"}, "form"),
        ({"form": 2017}, "form"),
        ({"re_sign": 1}, "re_sign"),
        ({"retries": 3}, "retries"),
        ({"url": None}, "url"),
        ({"url": "http://10.0.0.1/"}, "10.0.0.1"),
    ],
)
def test_an_invalid_target_is_rejected(
    store: SqliteStore, fields: dict[str, Any], named: str
) -> None:
    """The error names the field or the value, and nothing is stored."""
    with pytest.raises(TargetError, match=named):
        add_target(store, "a", {"url": HOOK, **fields}, LOCAL)
    with pytest.raises(InvalidTarget, match="url"):
        add_target(store, "a", {}, LOCAL)

    assert store.targets("a") == []


@pytest.mark.behaviour("delivery.targets")
def test_a_target_is_identified_by_its_url(store: SqliteStore) -> None:
    """The same URL again changes the target."""
    first = add(store)
    second = add(store, callback=False)

    assert first.id == second.id
    assert store.targets("a") == [second]


@pytest.mark.behaviour("webhook.four-targets")
def test_an_account_has_up_to_four_targets(store: SqliteStore) -> None:
    """A fifth is rejected until one is removed; other accounts have their own."""
    targets = [add(store, f"{HOOK}/{number}") for number in range(4)]
    with pytest.raises(TooManyTargets, match="up to 4"):
        add(store, f"{HOOK}/5")
    add(store, f"{HOOK}/0", duplicate=True)
    add_target(store, "b", {"url": HOOK}, LOCAL)
    remove_target(store, "a", targets[0].id)
    add(store, f"{HOOK}/5")

    assert len(store.targets("a")) == 4


def test_an_unknown_target_cannot_be_removed(store: SqliteStore) -> None:
    """Nor one of another account."""
    target = add(store)
    for account, target_id in (("a", "x"), ("b", target.id)):
        with pytest.raises(UnknownTarget, match=target_id):
            remove_target(store, account, target_id)

    assert store.targets("a") == [target]
