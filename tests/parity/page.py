"""Generator of docs/parity.md: `python -m tests.parity.page`."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.parity.behaviours import Section, marked_tests, read_behaviours

PAGE = Path(__file__).parents[2] / "docs" / "parity.md"
TEMPLATE = Path(__file__).with_name("page.md")


def write_page() -> str:
    """Return the page in Markdown."""
    behaviours, tests = read_behaviours(), marked_tests()
    counts = Counter(kind for each in behaviours.verified() for kind in each.evidence)
    numbers = [
        *((kind, counts[kind]) for kind in ("documented", "recorded", "assumed")),
        ("not implemented", len(behaviours.missing)),
        ("sandbox only", sum(len(section.behaviours) for section in behaviours.own)),
        ("tests", len({test for named in tests.values() for test in named})),
    ]
    missing = [(each.fact, *each.evidence) for each in behaviours.missing]
    return TEMPLATE.read_text(encoding="utf-8").format(
        summary=_table(("behaviours", "number"), numbers),
        api="\n\n".join(_section("##", section, tests) for section in behaviours.api),
        missing=_table(("behaviour", "evidence"), missing),
        own="\n\n".join(_section("###", section, tests) for section in behaviours.own),
    )


def _section(level: str, section: Section, tests: dict[str, list[str]]) -> str:
    rows = [
        (each.fact, *each.evidence, ", ".join(f"`{test}`" for test in tests[each.id]))
        for each in section.behaviours
    ]
    head = ("behaviour", "evidence", "tests") if len(rows[0]) == 3 else ("behaviour", "tests")
    operations = ", ".join(f"`{name}`" for name in section.operations)
    parts = [f"{level} {section.heading}", operations, _table(head, rows)]
    return "\n\n".join(filter(None, parts))


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [f"| {' | '.join(map(str, cells))} |" for cells in (head, *rows)]
    return "\n".join([lines[0], f"|{'---|' * len(head)}", *lines[1:]])


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
