"""Comparison of builds."""

from pathlib import Path

import pytest

from release.reproducible import Result, Variant, differing, table, variants

PYTHONS = {"3.11": Path("/a/python"), "3.13": Path("/b/python")}


@pytest.mark.parametrize(
    ("second", "different"),
    [
        (Result("b", "1", "2"), set[str]()),
        (Result("b", "0", "2"), {"wheel"}),
        (Result("b", "1", "0"), {"sdist"}),
    ],
)
def test_archives_that_differ_are_named(second: Result, different: set[str]) -> None:
    """A build that differs from one of the others is enough."""
    assert differing([Result("a", "1", "2"), second, Result("c", "1", "2")]) == different


def test_builds_differ_in_one_circumstance_each() -> None:
    """Python, folder, umask, environment, source and user."""
    shared = Path("/usr/bin/python3.11")
    first, *others = variants(PYTHONS, shared)
    changed = [
        {field for field in Variant._fields if getattr(each, field) != getattr(first, field)}
        for each in others
    ]

    assert [fields - {"name"} for fields in changed] == [
        {"python"},
        {"folder"},
        {"umask"},
        {"environment"},
        {"is_export"},
        {"is_sdist"},
        {"python", "user"},
    ]


def test_another_user_needs_a_python_to_run() -> None:
    """Without one, that build is left out."""
    assert all(each.user is None for each in variants(PYTHONS, None))


def test_the_table_shows_every_hash() -> None:
    """One row for each build."""
    assert [line.split() for line in table([Result("a", "1", "2")]).splitlines()[1:]] == [
        ["a", "1", "2"]
    ]
