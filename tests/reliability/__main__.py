"""
Measure what the client promises about failures, and write docs/reliability.md.

    python -m tests.reliability --seed 7
    python -m tests.reliability limiters forks --quick

With names, or with `--quick`, the rows are printed only.
"""

import argparse
import sys
from importlib import import_module
from time import monotonic
from traceback import print_exc
from typing import Final, TypeAlias

from tests.reliability.page import PAGE, table, write_page
from tests.reliability.rows import Measure, Row, Settings

MODULES: Final = (
    *("faults", "imports", "commands", "limiters", "penalties", "restarts", "outages", "leaks"),
    *("bombs", "deadlines", "cancellations", "forks", "receivers", "event_logs"),
)
"""Those that measure, in the order of the page; each has a function `measure`."""

Section: TypeAlias = tuple[str, list[Row]]


def run(name: str, settings: Settings) -> tuple[str, Section]:
    """Return the title of a module, its description, and its rows."""
    module = import_module(f"tests.reliability.{name}")
    measure: Measure = module.measure
    title, _, text = (module.__doc__ or "").strip().partition("\n\n")
    rows: list[Row] = []
    try:
        rows.extend(measure(settings))
    except Exception as error:  # noqa: BLE001 - the others are measured nevertheless
        print_exc()
        rows.append(Row("measured without an error", "yes", type(error).__name__, holds=False))
    return title.rstrip("."), (text, rows)


def main() -> int:
    """Measure, print the rows, and return 1 if one does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MODULES)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    settings = Settings(given.seed, given.quick)
    sections: dict[str, Section] = {}
    for name in given.names or MODULES:
        start = monotonic()
        title, section = run(name, settings)
        sections[title] = section
        print(f"\n{title} ({name}, {monotonic() - start:.0f} s)\n", flush=True)
        print(*table(section[1]), sep="\n", flush=True)
    if not given.names and not given.quick:
        PAGE.write_text(write_page(sections, given.seed), encoding="utf-8")
    return int(not all(row.holds for _, rows in sections.values() for row in rows))


if __name__ == "__main__":
    sys.exit(main())
