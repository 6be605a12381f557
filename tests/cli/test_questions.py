"""Questions to the user."""

import os
import sys
from select import select

import click
import pytest

from tests.cli.running import Run
from trackingmore_v2_cli._questions import says_yes

pty = pytest.importorskip("pty", reason="terminals of POSIX")


@pytest.mark.parametrize(("before", "answer", "expected"), [("y", "n", False), ("n", "y", True)])
def test_what_was_typed_before_the_question_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, *, before: str, answer: str, expected: bool
) -> None:
    """A key pressed while the command was busy must not create trackings."""
    controller, terminal = pty.openpty()

    def type_answer(_prompt: str) -> str:
        os.write(controller, f"{answer}\n".encode())
        return sys.stdin.readline()

    monkeypatch.setattr(click.termui, "visible_prompt_func", type_answer)
    with open(terminal, encoding="utf-8") as stdin:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr(sys, "stdin", stdin)
        os.write(controller, f"{before}\n".encode())
        select([stdin], [], [])  # until the terminal has it

        assert says_yes("Continue?") is expected
    os.close(controller)


def test_question_breaks_between_words(run: Run) -> None:
    """The variable that a key is from is not divided at the end of a line."""
    finished = run("create", "ups:1Z97X17XYW06605211", terminal=60, stdin=b"n\n")

    lines = finished.messages.splitlines()
    assert finished.status == 1
    assert max(map(len, lines)) <= 60
    assert "TRACKINGMORE_API_KEY)." in finished.messages.split()
