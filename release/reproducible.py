"""
Prove that builds are equal: `python -m release.reproducible`.

The last commit is built under circumstances that must not matter, and the hashes are printed.
Status 1: they differ.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from release import pythons
from release.history import ROOT, git

UNPRIVILEGED: Final = 65534
_UMASK: Final = 0o022
_ELSEWHERE: Final = (("TZ", "Pacific/Auckland"), ("LC_ALL", "C"), ("PYTHONHASHSEED", "7"))
_CLONE: Final = ("git", "clone", "--quiet", "--no-local")
_STRAY: Final = "overlay/trackingmore_v2/stray.py"
"""A file that git does not track, which must not be in an archive."""


class Variant(NamedTuple):
    """Circumstances of a build."""

    name: str
    python: Path
    folder: str = "checkout"
    is_export: bool = False
    is_sdist: bool = False
    umask: int = _UMASK
    user: int | None = None
    environment: tuple[tuple[str, str], ...] = ()


class Result(NamedTuple):
    """The hashes of a build."""

    name: str
    wheel: str
    sdist: str


def variants(found: Mapping[str, Path], shared: Path | None) -> Iterator[Variant]:
    """
    Yield the builds to compare.

    Args:
        found: The Pythons, by version.
        shared: A Python that another user may run, if this user may start that; else None.
    """
    first, *others = found
    python = found[first]
    yield Variant(f"Python {first}, a clone, umask 022", python)
    yield from (Variant(f"Python {each}", found[each]) for each in others)
    yield Variant("another folder", python, "another folder/of build/dist")
    yield Variant("umask 077", python, umask=0o077)
    yield Variant("time zone, locale, hash seed", python, environment=_ELSEWHERE)
    yield Variant("git archive, without .git", python, is_export=True)
    yield Variant("the unpacked sdist", python, is_sdist=True)
    if shared:
        yield Variant("another user", shared, user=UNPRIVILEGED)


def differing(results: Iterable[Result]) -> set[str]:
    """Return the archives that are not equal in all builds."""
    wheels, sdists = zip(*((each.wheel, each.sdist) for each in results), strict=True)
    hashes = {"wheel": set(wheels), "sdist": set(sdists)}
    return {archive for archive, found in hashes.items() if len(found) > 1}


def table(results: Iterable[Result]) -> str:
    """Return a table of the hashes."""
    rows = [("build", "wheel (SHA-256)", "sdist (SHA-256)"), *results]
    return "".join(f"{name:32}  {wheel:64}  {sdist}\n" for name, wheel, sdist in rows)


class Prover:
    """Builds of one commit in a temporary folder."""

    def __init__(self, work: Path, options: list[str]) -> None:
        self._work = work
        self._options = options
        self._sdist: Path | None = None

    def build(self, variant: Variant) -> Result:
        """Build as a variant says, and return the hashes."""
        home = self._work / variant.name.replace(" ", "-").replace(",", "")
        source, out = home / variant.folder, home / "out"
        home.mkdir()
        python = self._environment(variant)
        os.umask(variant.umask)
        self._lay(variant, source)
        os.umask(_UMASK)
        self._run(variant, home, [python, "-m", "release.build", out, *self._options], source)
        (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
        self._sdist = sdist
        return Result(variant.name, _hash(wheel), _hash(sdist))

    def _environment(self, variant: Variant) -> Path:
        """Return a Python that has what builds need, in an environment of its own."""
        folder = self._work / f"python{str(variant.python).replace('/', '-')}"
        if not folder.exists():
            _uv("venv", "--python", variant.python, folder)
            _uv("pip", "install", "--python", folder, *_requirements())
        return folder / "bin/python"

    def _lay(self, variant: Variant, source: Path) -> None:
        """Lay out the sources: a clone with a stray file, an export, or an unpacked sdist."""
        source.parent.mkdir(parents=True, exist_ok=True)
        if variant.is_export:
            _unpack(git(ROOT, "archive", "HEAD"), source)
        elif variant.is_sdist and self._sdist:
            _unpack(self._sdist.read_bytes(), source.parent)
            next(source.parent.glob("trackingmore_v2-*")).rename(source)
        else:
            subprocess.run([*_CLONE, ROOT, source], check=True)  # noqa: S603 - git, of our own repository
            (source / _STRAY).write_text("", encoding="utf-8")

    def _run(self, variant: Variant, home: Path, command: list[str | Path], source: Path) -> None:
        own = {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": ""}
        if variant.user is not None:
            for path in (home, *home.rglob("*")):
                os.chown(path, variant.user, variant.user)
        done = subprocess.run(  # noqa: S603 - our own command
            command,
            cwd=source,
            env={**os.environ, **own, **dict(variant.environment)},
            user=variant.user,
            group=variant.user,
            extra_groups=None if variant.user is None else [],
            umask=variant.umask,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(f"{variant.name}: {done.stdout}{done.stderr}")


def _requirements() -> list[str | Path]:
    project = ROOT / "pyproject.toml"
    groups = ("build", "site")
    options = [option for group in groups for option in ("--group", f"{project}:{group}")]
    return ["-r", project, "--all-extras", *options]


def _uv(*arguments: str | Path) -> None:
    command = [shutil.which("uv") or "uv", *arguments, "--quiet"]
    subprocess.run(command, check=True)  # noqa: S603 - of our own group


def _unpack(archive: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=BytesIO(archive)) as members:
        members.extractall(folder, filter="data")


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Build all variants, and compare."""
    parser = argparse.ArgumentParser(prog="python -m release.reproducible", description=__doc__)
    parser.add_argument("--without-docs", action="store_true", help="build no documentation")
    options = ["--without-docs"] if parser.parse_args().without_docs else []
    shared = pythons.of_the_system(ROOT) if os.geteuid() == 0 else None
    with TemporaryDirectory() as folder:
        work = Path(folder)
        work.chmod(0o755)  # another user builds in it
        prover = Prover(work, options)
        results = [prover.build(each) for each in variants(pythons.present(ROOT), shared)]
    sys.stdout.write(table(results))
    if not shared:
        sys.stdout.write(
            "another user: not built, since it needs root and a Python of the system\n"
        )
    if different := differing(results):
        sys.exit(f"builds differ: {' and '.join(sorted(different))}")


if __name__ == "__main__":
    main()
