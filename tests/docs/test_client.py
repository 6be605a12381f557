"""What the page about the client says is true."""

import inspect
import re

from tests.docs.pages import page
from trackingmore_v2 import TrackingMore

PAGE = page("client.md")


def public(cls: type) -> set[str]:
    """Return the names of the public methods of a resource."""
    return {name for name, _ in inspect.getmembers(cls, callable) if not name.startswith("_")}


def test_each_method_is_named() -> None:
    """The table has every method of each resource, but for the `iter_` forms."""
    rows = dict(re.findall(r"^\| `client\.(\w+)` \| (.+) \|$", PAGE, re.MULTILINE))
    with TrackingMore("11111111-0000-4000-8000-00000000abcd") as client:
        there = {
            name: {each for each in public(type(resource)) if not each.startswith("iter_")}
            for name, resource in vars(client).items()
            if not name.startswith("_")
        }

    assert {name: set(re.findall(r"`(\w+)`", text)) for name, text in rows.items()} == there


def test_each_setting_is_named() -> None:
    """The table has the arguments of the client, in their order."""
    _, _, table = PAGE.partition("## Settings")
    named = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)))
    _, *arguments = inspect.signature(TrackingMore.__init__).parameters

    assert sorted(named) == sorted(arguments)
