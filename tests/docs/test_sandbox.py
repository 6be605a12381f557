"""What the page about the sandbox shows is true."""

import re

from tests.docs.pages import page
from trackingmore_v2_cli.commands.sandbox import sandbox

PAGE = page("sandbox.md")


def test_every_option_is_described() -> None:
    """The table has the options of the command, and no others."""
    (section,) = re.findall(r"^## Command-line options\n(.*?)^## ", PAGE, re.DOTALL | re.MULTILINE)
    described = set(re.findall(r"`(--[a-z-]+)`", section))
    known = {name for option in sandbox.params for name in option.opts}

    assert described == known
