"""Texts of customers and carriers, which may try to control the terminal."""

import re
from pathlib import Path

import pytest
from msgspec import json

from tests.cli.running import Run
from tests.cli.samples import DELIVERED, NUMBER, SAMPLES, Sample
from trackingmore_v2_cli._output.text import clean, escape
from trackingmore_v2_sandbox import Sandbox

HOSTILE = (
    "\x1b]0;title\x07\x1b[2J\x1b[31m\x9b2J\u202egnirts\u2066\u200f [bold red]x[/] [link=file:///]"
    "\r\n\t\x00\x7f\u2028\U000e0041 :smiley:"
)
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""The only escape sequences of tables."""

PRINTING = [
    sample
    for sample in SAMPLES
    if sample.name in {"track", "watch", "list", "get", "update", "archive", "delete", "stop"}
    and NUMBER in sample.arguments + NUMBER * (sample.name == "list")
]


@pytest.fixture(autouse=True)
def account(
    sandbox: Sandbox, api_key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Store trackings with hostile texts."""
    monkeypatch.chdir(tmp_path)
    texts = dict.fromkeys(("title", "customer_name", "order_id", "comment"), HOSTILE)
    rows = [
        {"carrier_code": "ups", "tracking_number": number, **texts}
        for number in (NUMBER, DELIVERED)
    ]
    sandbox.seed(rows, api_key=api_key)


@pytest.mark.parametrize("sample", PRINTING, ids=lambda sample: sample.name)
@pytest.mark.parametrize("terminal", [False, True])
def test_texts_control_nothing(run: Run, sample: Sample, *, terminal: bool) -> None:
    """No cursor moves, no colour and no direction changes, and markup is text."""
    finished = run(*sample.words, "--verbose", terminal=terminal)

    assert finished.status == 0, finished.messages
    for stream in (finished.output, finished.errors):
        text = COLOURS.sub("", stream.decode()) if terminal else stream.decode()
        assert not UNSAFE.search(text)


@pytest.mark.parametrize("terminal", [False, True])
def test_markup_is_text(run: Run, *, terminal: bool) -> None:
    """Brackets and colons stand as they are."""
    finished = run("list", "--fields", "title", terminal=200 if terminal else False)

    assert "[bold red]x[/] [link=file:///]" in finished.text
    assert ":smiley:" in finished.text


def test_json_has_the_text_and_controls_nothing(run: Run) -> None:
    """Characters that a terminal would obey are escaped."""
    finished = run("list", "--json", "--fields", "title")

    assert not UNSAFE.search(finished.output.decode())
    assert {record["title"] for record in finished.records} == {HOSTILE}


@pytest.mark.parametrize(
    "text", ["plain", "Łódź 東京 🚚", HOSTILE, "\x7f", "\U000e0041", "\\u202e"]
)
def test_escaped_json_means_the_same(text: str) -> None:
    """Only characters that control a terminal are written otherwise."""
    content = json.encode({"title": text})

    assert json.decode(escape(content)) == {"title": text}
    assert not UNSAFE.search(escape(content).decode())


def test_clean_text_is_one_line() -> None:
    """Letters of all scripts stay."""
    assert clean("a\r\n\tb\u202e Łódź 東京 🚚") == "a b  Łódź 東京 🚚"
