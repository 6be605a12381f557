"""Progress of many items."""

import sys
from collections.abc import Iterator
from itertools import count

import pytest

from tests.cli.running import ESCAPES, Stream
from trackingmore_v2_cli._output.output import Output
from trackingmore_v2_cli._output.progress import Progress, describe


def run(
    monkeypatch: pytest.MonkeyPatch, out: Output, clock: Iterator[float], stream: Stream
) -> str:
    """Return what is printed while 40 items are done, of which each takes a step of the clock."""
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress(out, "Exporting trackings", 40, clock=clock.__next__) as progress:
        assert list(progress.follow(range(40))) == list(range(40))
    return stream.buffer.getvalue().decode(stream.encoding)  # type: ignore[attr-defined, no-any-return]  # bytes


def test_line_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off a terminal, without control characters."""
    printed = run(monkeypatch, Output(), count(0.0, 0.5), Stream(is_terminal=False))

    assert printed == (
        "Exporting trackings: 20 of 40, 2.0/s, 0:00:10 left\n"
        "Exporting trackings: 40 of 40, 2.0/s, 0:00:00 left\n"
    )


def test_short_work_prints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script that exports often has no noise in its log."""
    assert not run(monkeypatch, Output(), count(0.0, 0.1), Stream(is_terminal=False))


@pytest.mark.parametrize("is_terminal", [True, False])
def test_quiet(monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool) -> None:
    """`--quiet` leaves out progress."""
    assert not run(monkeypatch, Output(quiet=True), count(), Stream(is_terminal=is_terminal))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """It is removed at the end, and needs no character that the terminal lacks."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    stream = Stream(is_terminal=True, encoding=encoding)

    printed = run(monkeypatch, Output(), count(), stream)

    assert "40 of 40, 1.0/s, 0:00:00 left" in ESCAPES.sub("", printed)
    assert printed.rstrip().endswith("\x1b[2K")


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ((0, None, 0.0), "0"),
        ((5, None, 0.0), "5"),
        ((0, 10, 3.0), "0 of 10"),
        ((2_000, None, 10.0), "2,000, 200/s"),
        ((2_000, 10_000, 10.0), "2,000 of 10,000, 200/s, 0:00:40 left"),
        ((12, 10, 1.0), "12 of 10, 12/s, 0:00:00 left"),
    ],
)
def test_description(counts: tuple[int, int | None, float], text: str) -> None:
    """Without a rate there is no time left, and without a total."""
    assert describe(*counts) == text
