"""`trackingmore-v2 help`."""

import re
from pathlib import Path

import pytest

import trackingmore_v2_cli
from tests.cli.golden import check_golden
from tests.cli.output_schema import ID, PATH
from tests.cli.running import Run
from tests.cli.test_commands import all_commands
from trackingmore_v2_cli._help_topics import TOPICS
from trackingmore_v2_cli._output.records import RECORDS, fields_of
from trackingmore_v2_cli._statuses import ExitStatus

SOURCES = Path(str(trackingmore_v2_cli.__file__)).parent


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("words", [["exit-codes"], []], ids=str)
def test_pages(run: Run, words: list[str], columns: int) -> None:
    """They fit the terminal, and are no wider than 100 columns."""
    finished = run("help", *words, terminal=columns)

    check_golden(f"{'-'.join(['help', *words])}.{columns}.txt", finished.text)
    assert max(map(len, finished.text.splitlines())) <= min(columns, 100)


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", all_commands())
def test_help_of_every_command(run: Run, name: str, columns: int) -> None:
    """A person has read it. Only examples are wider than the terminal, since they are copied."""
    finished = run(*name.split(), "--help", terminal=columns)
    lines = [each for each in finished.text.splitlines() if not each.startswith("  $ ")]

    check_golden(f"help.{name.replace(' ', '_')}.{columns}.txt", finished.text)
    assert max(map(len, lines)) <= min(columns, 100)


@pytest.mark.parametrize("topic", TOPICS)
def test_topics_are_plain_text(run: Run, topic: str) -> None:
    """Their pages can be printed in every encoding."""
    finished = run("help", topic, terminal=True, encoding="cp1252")

    assert finished.status == 0
    assert finished.output.isascii()


def test_exit_codes_are_all_there(run: Run) -> None:
    """Each status has a meaning."""
    page = run("help", "exit-codes").text

    assert {int(number) for number in re.findall(r"^ +(\d+) +\S", page, re.MULTILINE)} == {
        *ExitStatus
    }


def test_json_names_all_shapes_and_fields(run: Run) -> None:
    """The page says where the schema is, and has the fields in the order in which they print."""
    page = " ".join(run("help", "json", terminal=True).text.split())

    assert str(PATH) in page
    assert f"The JSON Schema of all records, {ID}, describes" in page
    for shape in RECORDS:
        _, _, rest = page.partition(f" {shape}: ")
        _, _, fields = rest.partition("Fields: ")
        assert f"{fields} ".startswith(f"{', '.join(fields_of(shape))} ")


def test_environment_names_all_variables(run: Run) -> None:
    """Those that appear in the sources of the command, and those of options."""
    page = run("help", "environment").text
    sources = "".join(file.read_text(encoding="utf-8") for file in SOURCES.rglob("*.py"))
    prefixes = set(re.findall(r'option_of\("([A-Z_]+)"\)', sources))
    named = set(re.findall(r'"(TRACKINGMORE_[A-Z_]+[A-Z])"', sources)) - prefixes

    assert {name for name in named if name not in page} == set()
    assert {name for name in prefixes if f"  {name}_" not in page} == set()
    assert re.search(r"TRACKINGMORE_SANDBOX_WEBHOOK_TARGETS +sandbox --webhook-targets", page)


def test_help_of_a_command_is_its_own(run: Run) -> None:
    """`help list` prints what `list --help` prints."""
    assert run("help", "list") == run("list", "--help")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["detct"], "Did you mean 'detect'? See: trackingmore-v2 --help"),
        (["exit-code"], "Did you mean 'exit-codes'?"),
        (["list", "x"], "trackingmore-v2 list has no subcommands."),
        (["exit-codes", "x"], "No such command 'exit-codes'."),
    ],
)
def test_unknown_topic(run: Run, words: list[str], message: str) -> None:
    """The status is 2, and the error suggests the one that was meant."""
    finished = run("help", *words)

    assert finished.status == 2
    assert message in finished.messages
