"""Writes docs/parity.md from the list of behaviours: `python -m tests.parity.table`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from tests.parity.behaviours import Behaviour, Behaviours, Section, read_behaviours

PAGE = Path(__file__).parents[2] / "docs" / "parity.md"

_INTRODUCTION = """\
# Parity: what the sandbox does, and how sure that is

Made by `python3 -m nox -s parity` from `tests/parity/behaviours.yaml`; do not edit it here.

The sandbox was made without the provider, from what is published about version 2 of its API.
Each line is one behaviour, with what it rests on and the tests that hold it.
They are named from the folder `tests`; where the source of a line stands is in the list.

| evidence | what it means |
|---|---|
| documented | the provider's reference or its official clients say so |
| recorded | it was seen in a real answer that somebody published |
| assumed | no source says it; the code does what seems likely, and says `Assumed` there |

Evidence is that of [openapi.yaml](../openapi.yaml); tests see that contract and page agree.
What nobody here knows is whether the live API does today what its reference says,
or what it did when an answer was recorded.
Where your program depends on a line that is assumed, make it ready for something else.
"""

_MISSING = """\
## What the sandbox leaves out

Known of the live API, and not done here.
"""

_OWN = """\
## The sandbox's own

Inventions for tests, in no way behaviours of the API.
"""


def write_page(behaviours: Behaviours) -> str:
    """Write the page."""
    return (
        "\n".join(
            chain(
                [_INTRODUCTION],
                _summary(behaviours),
                chain.from_iterable(map(_api_section, behaviours.api)),
                [_MISSING],
                _table(
                    ("behaviour", "evidence"),
                    ((each.fact, *each.evidence) for each in behaviours.missing),
                ),
                [_OWN],
                chain.from_iterable(map(_own_section, behaviours.own)),
            )
        ).rstrip("\n")
        + "\n"
    )


def _summary(behaviours: Behaviours) -> Iterator[str]:
    told = [each for section in behaviours.api for each in section.behaviours]
    counts = Counter(word for each in told for word in each.evidence)
    own = sum(len(section.behaviours) for section in behaviours.own)
    tests = {test for each in _held(behaviours) for test in each.held_by}
    yield "## In numbers\n"
    yield from _table(
        ("behaviours", "number"),
        [
            *((word, str(counts[word])) for word in ("documented", "recorded", "assumed")),
            ("left out", str(len(behaviours.missing))),
            ("the sandbox's own", str(own)),
            ("tests that hold them", str(len(tests))),
        ],
    )


def _held(behaviours: Behaviours) -> Iterator[Behaviour]:
    for section in chain(behaviours.api, behaviours.own):
        yield from section.behaviours


def _api_section(section: Section) -> Iterator[str]:
    yield f"## {section.heading}\n"
    if section.operations:
        yield ", ".join(f"`{name}`" for name in section.operations) + "\n"
    yield from _table(
        ("behaviour", "evidence", "held by"),
        ((each.fact, *each.evidence, _tests(each)) for each in section.behaviours),
    )


def _own_section(section: Section) -> Iterator[str]:
    yield f"### {section.heading}\n"
    yield from _table(
        ("behaviour", "held by"), ((each.fact, _tests(each)) for each in section.behaviours)
    )


def _tests(behaviour: Behaviour) -> str:
    return ", ".join(f"`{test}`" for test in behaviour.held_by)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _row(head)
    yield f"|{'---|' * len(head)}"
    yield from map(_row, rows)
    yield ""


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(write_page(read_behaviours()), encoding="utf-8")
