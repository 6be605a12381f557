"""`trackingmore-v2 completion`, whose scripts are run by the shells that they are for."""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from shlex import join, quote
from typing import Final, TypeAlias

import click
import pytest

from tests.cli.running import Run
from tests.cli.test_commands import all_commands
from tests.programs import report_missing
from trackingmore_v2_cli._app import COMMANDS, app
from trackingmore_v2_cli._completion.tree import Values, tree_of
from trackingmore_v2_cli._options import STATUS

ZSH: Final = Path(__file__).with_name("completions.zsh")
CARRIERS: Final = {"ups": "UPS", "usps": "USPS: post", "dhl": "DHL $(touch ran)"}

Environment: TypeAlias = Mapping[str, str]
Shell: TypeAlias = Callable[[Path, str, Environment, Path], set[str]]
"""Returns the completions of a line, from a script, an environment and a folder."""


def _execute(arguments: list[str], environment: Environment, folder: Path) -> str:
    if not shutil.which(arguments[0]):
        report_missing(f"{arguments[0]} is not installed")
    run = subprocess.run(  # noqa: S603 - our own script
        arguments, capture_output=True, check=True, cwd=folder, env=environment, text=True
    )
    assert run.stderr == ""
    return run.stdout


def _in_bash(script: Path, line: str, environment: Environment, folder: Path) -> set[str]:
    """Call the function as bash does, which separates words at spaces, "=" and ":"."""
    words = re.findall(r"[=:]|[^\s=:]+", line) + ([""] if line.endswith(" ") else [])
    program = (
        f"source {quote(str(script))}; COMP_WORDS=({join(words)}); COMP_CWORD={len(words) - 1}; "
        '_trackingmore_v2; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return _lines(_execute(["bash", "--norc", "-c", program], environment, folder))


def _in_zsh(script: Path, line: str, environment: Environment, folder: Path) -> set[str]:
    output = _execute(["zsh", "-f", str(ZSH), str(script), line], environment, folder)
    found = {each.rpartition("=")[2] for each in _lines(output)}
    # zsh offers options wherever they may stand.
    is_option = line.rpartition(" ")[2].startswith("-")
    return {each for each in found if is_option or not each.startswith("-")}


def _in_fish(script: Path, line: str, environment: Environment, folder: Path) -> set[str]:
    program = f"source {quote(str(script))}; complete -C {quote(line)}"
    output = _execute(["fish", "--no-config", "-c", program], environment, folder)
    return {each.partition("\t")[0].rpartition("=")[2] for each in _lines(output)}


def _lines(output: str) -> set[str]:
    return {line.strip() for line in output.splitlines()} - {""}


SHELLS: Final[Mapping[str, Shell]] = {"bash": _in_bash, "zsh": _in_zsh, "fish": _in_fish}
Complete: TypeAlias = Callable[[str], set[str]]


@pytest.fixture(params=SHELLS)
def complete(
    request: pytest.FixtureRequest, run: Run, environment: dict[str, str], tmp_path: Path
) -> Complete:
    """Return a function that completes a line after the name of the program, in each shell."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "my places.txt").write_text("")
    (folder / "more").mkdir()
    cache = Path(environment["TRACKINGMORE_CACHE_DIR"])
    cache.mkdir()
    (cache / "carriers.tsv").write_text(
        "".join(f"{code}\t{name}\n" for code, name in CARRIERS.items())
    )
    script = tmp_path / "script"
    script.write_bytes(run("completion", request.param).output)
    # A home of their own: shells write files there.
    variables = {**environment, "HOME": str(tmp_path), "TERM": "xterm"}

    def complete(line: str) -> set[str]:
        return SHELLS[request.param](script, f"trackingmore-v2 {line}", variables, folder)

    return complete


def test_commands(complete: Complete) -> None:
    """All are offered, and those that begin like the word."""
    assert complete("") == {entry.name for entry in COMMANDS}
    assert complete("car") == {"carriers", "carrier"} & {entry.name for entry in COMMANDS}


@pytest.mark.parametrize(
    "group", [name for name, each in all_commands().items() if isinstance(each, click.Group)]
)
def test_subcommands_and_their_options(complete: Complete, group: str) -> None:
    """Of each group; that the tree has all commands is a test of its own."""
    names = {name.partition(" ")[2] for name in all_commands() if name.startswith(f"{group} ")}

    assert names <= complete(f"{group} ")
    assert complete(f"{group} {max(names)} --he") == {"--help"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("list --stat", {"--status"}),
        ("list --status tr", {"transit"}),
        ("list --status=tr", {"transit"}),
        ("list --status ", set(STATUS.choices)),
        ("list --status transit --status d", {"delivered"}),
        ("list --json=", {"lines", "array"}),
        ("list --json --lim", {"--limit"}),
        ("list --limit ", set()),
        ("list ", set()),
        ("--profile list completion b", set()),
        ("list --profile completion --stat", {"--status"}),
        ("completion ", {"bash", "zsh", "fish"}),
        ("completion bash ", set()),
        ("help ex", {"exit-codes", "export"} & {"exit-codes", *(each.name for each in COMMANDS)}),
        ("transit-times --carrier u", {"ups", "usps"}),
        ("transit-times --carrier=d", {"dhl"}),
        ("transit-times dhl:CN:US --carrier ", set(CARRIERS)),
        ("transit-times --carrier ups --f", {"--fields", "--from"}),
    ],
)
def test_options_and_values(
    complete: Complete, tmp_path: Path, line: str, expected: set[str]
) -> None:
    """Names of carriers are text, which no shell expands."""
    assert complete(line) == expected
    assert not list(tmp_path.rglob("ran"))


def test_files(complete: Complete) -> None:
    """A name may contain spaces."""
    found = {name.replace("\\", "").rstrip("/") for name in complete("remote --from m")}

    assert found == {"my places.txt", "more"}


@pytest.mark.parametrize("damage", ["missing", "a folder", "bytes"])
def test_without_carriers(complete: Complete, environment: dict[str, str], damage: str) -> None:
    """A missing or damaged file is no error."""
    file = Path(environment["TRACKINGMORE_CACHE_DIR"], "carriers.tsv")
    file.unlink()
    if damage == "a folder":
        file.mkdir()
    elif damage == "bytes":
        file.write_bytes(b"\xff\xfe\n\t\nqq")

    assert complete("transit-times --carrier u") == set()


def test_no_program_is_started(complete: Complete, environment: dict[str, str]) -> None:
    """A Python of any name would end the test: there is none."""
    folder = Path(environment["HOME"]).parent / "bin"
    folder.mkdir()
    for name in ("bash", "zsh", "fish", "cat"):
        if path := shutil.which(name):
            (folder / name).symlink_to(path)
    environment["PATH"] = str(folder)

    assert complete("transit-times --carrier dh") == {"dhl"}


def test_the_tree_has_every_option() -> None:
    """Each command of click is a node with its options, and hidden ones are left out."""
    nodes = {node.path: node for node in tree_of(click.Context(app)).walk()}

    for name, command in all_commands().items():
        names = {each for option in nodes[name].options for each in option.names}
        given = [each for each in command.params if isinstance(each, click.Option)]
        assert names == {"--help"}.union(
            *([*each.opts, *each.secondary_opts] for each in given if not each.hidden)
        )
        assert nodes[name].summary


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        (click.Option(["--status"], type=STATUS), Values("words", tuple(STATUS.choices))),
        (click.Option(["--save"], type=click.Path(dir_okay=False)), Values("file")),
        (click.Option(["--keep"], type=click.Path(file_okay=False)), Values("dir")),
        (click.Option(["--carrier"]), Values("carrier")),
        (click.Option(["--carriers"], type=click.Path()), Values("file")),
        (click.Argument(["new_carrier"]), Values("carrier")),
        (click.Argument(["target"], metavar="FILE"), Values("file")),
        (click.Argument(["file"]), Values("file")),
        (click.Argument(["profile"]), Values("nothing")),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_kinds_of_values(parameter: click.Parameter, expected: Values) -> None:
    """The type says how a value is completed, or else the name or the metavariable."""
    node = tree_of(click.Context(click.Command("track", params=[parameter])))

    values = [*(each.values for each in node.options), *(each.values for each in node.arguments)]
    assert list(filter(None, values)) == [expected]


def test_unknown_shell(run: Run) -> None:
    """The error lists those that there are."""
    finished = run("completion", "tcsh")

    assert finished.status == 2
    assert "'bash', 'zsh', 'fish'" in finished.messages
