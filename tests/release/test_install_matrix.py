"""Installations of the wheel."""

import tomllib

from packaging.metadata import Metadata

from release.install_matrix import (
    Case,
    Outcome,
    cases,
    oldest_versions,
    requirements,
    table,
    used_extras,
)
from release.smoke import USES
from tests.release.running import ROOT

METADATA = Metadata.from_email(
    """\
Metadata-Version: 2.4
Name: project
Version: 1.0
Provides-Extra: all
Provides-Extra: fast
Requires-Dist: base<3,>=2
Requires-Dist: old>=1; python_version < '3.12'
Requires-Dist: loop>=0.2; sys_platform != 'none' and extra == 'fast'
Requires-Dist: loop>=0.2; sys_platform != 'none' and extra == 'all'
"""
)


def test_each_extra_is_installed_on_each_python_twice() -> None:
    """And none of them."""
    assert [" ".join(case) for case in cases(["3.11", "3.14"], ["fast"])] == [
        "3.11  newest",
        "3.11  oldest",
        "3.11 fast newest",
        "3.11 fast oldest",
        "3.14  newest",
        "3.14  oldest",
        "3.14 fast newest",
        "3.14 fast oldest",
    ]


def test_what_is_fetched_is_named() -> None:
    """What the wheel needs for the extra and the Python, without the conditions."""
    assert requirements(METADATA, "", "3.12") == ["base<3,>=2"]
    assert requirements(METADATA, "", "3.11") == ["base<3,>=2", "old>=1"]
    assert requirements(METADATA, "fast", "3.12") == ["base<3,>=2", "loop>=0.2"]


def test_all_extras_are_used_together() -> None:
    """One alone is used alone."""
    assert used_extras("", ["all", "cli"]) == []
    assert used_extras("cli", ["all", "cli"]) == ["cli"]
    assert used_extras("all", ["all", "cli"]) == ["cli"]


def test_every_extra_of_the_project_has_a_use() -> None:
    """So that a new one is tried out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert {*USES, "all"} == set(project["optional-dependencies"])


def test_the_table_shows_each_outcome() -> None:
    """A row for each extra, and columns in the order of the versions."""
    outcomes = [
        Outcome(Case("3.11", "", "newest"), "it broke", ""),
        Outcome(Case("3.9", "", "newest"), "", ""),
        Outcome(Case("3.9", "", "oldest"), "", ""),
        Outcome(Case("3.10", "", "newest"), "", ""),
        Outcome(Case("3.10", "", "oldest"), "", ""),
        Outcome(Case("3.11", "", "oldest"), "", ""),
    ]

    header, row = (" ".join(line.split()) for line in table(outcomes).splitlines())

    assert header == "3.9 newest 3.9 oldest 3.10 newest 3.10 oldest 3.11 newest 3.11 oldest"
    assert row.split() == ["(none)", "ok", "ok", "ok", "ok", "failed", "ok"]


def test_the_oldest_versions_are_those_of_what_the_wheel_names() -> None:
    """Not of what these depend on, which are as new as can be."""
    outcomes = [
        Outcome(Case("3.12", "", "oldest"), "", "base==2.0\nloop==9.0\n"),
        Outcome(Case("3.12", "fast", "oldest"), "", "base==2.0\nloop==0.2\n"),
        Outcome(Case("3.12", "fast", "newest"), "", "base==2.9\n"),
    ]

    assert oldest_versions(outcomes, METADATA) == ["base==2.0", "loop==0.2"]
