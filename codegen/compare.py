"""Byte-for-byte comparison of two versions of a package."""

from pathlib import Path


def files(package: Path) -> dict[str, bytes]:
    """Return the content of every file of a package, without bytecode caches."""
    return {
        path.relative_to(package).as_posix(): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def differences(expected: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    """Return a line for each file that is missing, unexpected or different."""
    return [
        *(f"missing: {name}" for name in sorted(expected.keys() - found.keys())),
        *(f"unexpected: {name}" for name in sorted(found.keys() - expected.keys())),
        *(
            f"differs: {name}"
            for name in sorted(expected.keys() & found.keys())
            if expected[name] != found[name]
        ),
    ]
