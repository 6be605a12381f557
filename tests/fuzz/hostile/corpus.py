"""
Inputs as files: a folder for each target, a file for each input.

Those under `tests/fuzz/corpus` are kept: a few that reach much, and each that once found a fault,
under a name that tells which.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final

from .target import Target
from .targets import TARGETS

CORPUS: Final = Path(__file__).parents[1] / "corpus"


def kept(target: Target) -> list[Path]:
    """Return the files that are kept for a target, in a steady order."""
    return sorted(path for path in (CORPUS / target.name).glob("*") if path.is_file())


def beginnings(target: Target) -> list[bytes]:
    """Return what other inputs are made of: the seeds, and what is kept."""
    return list(dict.fromkeys([*target.seeds(), *(path.read_bytes() for path in kept(target))]))


def target_of(path: Path) -> Target:
    """
    Return the target of a file, which its folder names.

    Raises:
        ValueError: There is none of that name.
    """
    name = path.resolve().parent.name
    if name not in TARGETS:
        raise ValueError(f"{path} lies in the folder of no target; there are {', '.join(TARGETS)}")
    return TARGETS[name]


def keep(folder: Path, target: str, kind: str, data: bytes) -> Path:
    """Write an input that failed into a folder, to be run again; the name begins with its fault."""
    path = folder / target / f"{kind}-{sha256(data).hexdigest()[:12]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def write_all(folder: Path, inputs: Iterable[bytes]) -> None:
    """Write inputs into a folder, each under a name that follows from it."""
    folder.mkdir(parents=True, exist_ok=True)
    for data in inputs:
        (folder / sha256(data).hexdigest()[:12]).write_bytes(data)
