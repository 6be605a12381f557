"""
Mutations of the contract: thirty typical mistakes, made one at a time.

`python -m tests.contract.mutations [PATH]` lists the checks that find each; PATH receives JSON.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.contract import changes
from tests.contract.changes import Change, changed_contract
from tests.contract.checks import CHECKS
from tests.contract.document import load_beside
from website.contract import Json


def _change(given: Json) -> Change:
    (kind, keys), *rest = given.items()
    change: Change = getattr(changes, kind)(*keys, **dict(rest))
    return change


MUTATIONS: dict[str, list[Change]] = {
    name: [_change(each) for each in given] for name, given in load_beside(__file__).items()
}


def checks_that_find(name: str) -> Iterator[str]:
    """Yield the names of the checks that find a mutation, one by one."""
    document = changed_contract(*MUTATIONS[name])
    return (check for check, errors in CHECKS.items() if any(errors(document)))


def main(path: str | None = None) -> None:
    """Print the checks that find each mutation; write them to a file if one is named."""
    mutants = [{"name": name, "caught_by": [*checks_that_find(name)]} for name in MUTATIONS]
    score = sum(bool(mutant["caught_by"]) for mutant in mutants)
    for mutant in mutants:
        sys.stdout.write(f"{mutant['name']:32} {', '.join(mutant['caught_by'])}\n")
    sys.stdout.write(f"score {score} of {len(mutants)}\n")
    if path:
        text = json.dumps({"score": score, "mutants": mutants}, indent=1)
        Path(path).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
