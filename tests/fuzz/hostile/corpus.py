"""
The fuzz targets, and their stored inputs: a folder for each target, a file for each input.

`tests/fuzz/corpus` holds seeds that are written by hand, inputs with high coverage, and, under a
descriptive name, each input that once failed. To run files again, from folders named by target:

    python -m tests.fuzz.hostile.corpus FILE...
"""

import sys
import warnings
from ast import literal_eval
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from . import app, arguments, faults, requests, responses, scenarios, snapshots, webhooks

CORPUS: Final = Path(__file__).parents[1] / "corpus"
DICTIONARIES: Final = Path(__file__).with_name("dictionaries")


class Target(NamedTuple):
    """A function that accepts any bytes, and what its inputs are made from."""

    name: str
    run: Callable[[bytes], None]
    """Runs one input. Any exception is a failure, and the same input raises it again."""

    seeds: Callable[[], list[bytes]]
    tokens: Sequence[bytes] = ()
    share: int = 0
    """Percentage of the inputs of the parsers in a long run."""

    def stored(self) -> list[Path]:
        """Return the files of the stored inputs."""
        return sorted((CORPUS / self.name).glob("*"))

    def inputs(self) -> list[bytes]:
        """Return the seeds and the stored inputs."""
        return list(dict.fromkeys([*self.seeds(), *(it.read_bytes() for it in self.stored())]))


def tokens(name: str) -> list[bytes]:
    """Return the tokens of a dictionary in libFuzzer's format."""
    lines = (DICTIONARIES / f"{name}.dict").read_text(encoding="ascii").splitlines()
    return [literal_eval(f"b{line}") for line in lines]


_SHARES: Final = {
    responses: 45,
    webhooks: 10,
    requests: 12,
    arguments: 10,
    scenarios: 10,
    faults: 8,
    snapshots: 5,
    app: 0,
}

TARGETS: Final[Mapping[str, Target]] = {
    name: Target(name, module.run, module.seeds, [*tokens(name), *tokens("json")], share)
    for module, share in _SHARES.items()
    for name in [module.__name__.rpartition(".")[2]]
}


def replay(path: Path) -> None:
    """Run the input in a file."""
    TARGETS[path.resolve().parent.name].run(path.read_bytes())


if __name__ == "__main__":
    warnings.simplefilter("error")
    for name in sys.argv[1:]:
        replay(Path(name))
