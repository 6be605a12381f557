"""Entries of the changelog."""

import json
import re
from datetime import date

import pytest

from release.changelog import Entry, parse, read_entries
from release.sources import EPOCH, UNDATED, source_date
from tests.release.running import ROOT

CHANGELOG = """\
# Changelog

Versions follow semantic versioning.

## [Unreleased]

## [0.2.0] - 2027-01-05

### Added

- Colours.

## 0.1.0 - 2026-11-30

- The first one.
"""
ENTRIES = parse(CHANGELOG)
API = ROOT / "release/api.json"
SECTION = re.DOTALL | re.MULTILINE


def test_entries_are_read_newest_first() -> None:
    """An entry without text, such as that of unreleased changes, does not count."""
    assert parse(CHANGELOG) == [
        Entry("0.2.0", date(2027, 1, 5), "### Added\n\n- Colours."),
        Entry("0.1.0", date(2026, 11, 30), "- The first one."),
    ]


def test_the_changelog_of_the_project_has_entries() -> None:
    """Its headings have the form that is read."""
    assert read_entries(ROOT)


@pytest.mark.parametrize(
    ("environment", "entries", "seconds"),
    [
        ({}, ENTRIES, 1_799_107_200),  # 2027-01-05
        ({}, [Entry("Unreleased", None, "More."), *ENTRIES], 1_799_107_200),
        ({}, [Entry("Unreleased", None, "More.")], UNDATED),
        ({EPOCH: "7"}, ENTRIES, 7),
    ],
)
def test_archives_show_the_day_of_the_newest_version(
    environment: dict[str, str], entries: list[Entry], seconds: int
) -> None:
    """Unless the environment states a time."""
    assert source_date(environment, entries) == seconds


def test_what_the_newest_entry_names_exists() -> None:
    """Each function and class of it is public, but for those that it removes."""
    text = re.sub(r"^### Removed\n.*?(?=^### |\Z)", "", read_entries(ROOT)[0].text, flags=SECTION)
    named = {name.rpartition(".")[2] for name in re.findall(r"`([\w.]+)\(", text)}
    public = {name.rpartition(".")[2] for name in json.loads(API.read_text("utf-8"))}

    assert named
    assert named - public == set()
