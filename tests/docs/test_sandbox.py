"""What the page about the sandbox shows is true."""

import re
from contextlib import closing

from tests.docs.pages import Block, blocks, page
from trackingmore_v2_cli.commands.sandbox import sandbox
from trackingmore_v2_sandbox import Settings
from trackingmore_v2_sandbox.core.clock import MAX_SPEED
from trackingmore_v2_sandbox.http import connection_limits as limits
from trackingmore_v2_sandbox.pipeline import request_log
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS
from trackingmore_v2_sandbox.server import run
from trackingmore_v2_sandbox.server.startup import listen

PAGE = page("sandbox.md")


def test_every_option_is_described() -> None:
    """The table has the options of the command, and no others."""
    (section,) = re.findall(r"^## Command-line options\n(.*?)^## ", PAGE, re.DOTALL | re.MULTILINE)
    described = set(re.findall(r"`(--[a-z-]+)`", section))
    known = {name for option in sandbox.params for name in option.opts}

    assert described == known


def test_the_command_prints_the_lines_that_are_shown() -> None:
    """With the port and the token of this page."""
    (shown,) = [each.text for each in blocks("sandbox.md") if is_output_of_command(each)]
    with closing(listen("127.0.0.1", 0)) as listener:
        printed = run._lines(listener, "...", ())  # noqa: SLF001 - what the command prints
        port = listener.getsockname()[1]

    assert printed.replace(str(port), "8642") == shown


def is_output_of_command(block: Block) -> bool:
    """Return whether a block shows what the command prints."""
    return (block.section, block.language) == ("Start the sandbox", "text")


def test_figures() -> None:
    """Each figure on the page is that of the code."""
    settings = Settings()

    assert f"The sandbox lists {len(CARRIERS)} carriers." in PAGE
    assert f"The newest {settings.log_exchanges} requests of each account" in PAGE
    assert f"take {request_log.TOTAL_BYTES >> 20} MiB of memory at most" in PAGE
    assert f"what fits into {settings.max_body_bytes >> 20} MiB" in PAGE
    assert f"an account may create {settings.quota:,} trackings" in PAGE
    assert f"at up to {MAX_SPEED:,} times the normal speed" in PAGE
    assert f"| {limits.HEAD_BYTES >> 10} KiB for the head of a request" in PAGE
    assert f"| {limits.HEAD_SECONDS:g} seconds from the connection" in PAGE
    assert f"| {limits.BODY_SECONDS:g} seconds from the end of the head" in PAGE
    assert f"| {limits.IDLE_SECONDS:g} seconds without another request" in PAGE
