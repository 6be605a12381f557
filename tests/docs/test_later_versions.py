"""What the page about later versions says of version 2 is what the contract says."""

import re

import msgspec

from tests.docs.pages import page
from trackingmore_v2 import models
from trackingmore_v2_api import META_CODES, OPERATIONS

PAGE = page("later-versions.md")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))


def first_column(section: str) -> list[str]:
    """Return the first cell of each row of a section's table."""
    return re.findall(r"^\| ([^|]+?) \|", SECTIONS[section], re.MULTILINE)[1:]


def in_code_style(cells: list[str]) -> set[str]:
    """Return the words in code style."""
    return set(re.findall(r"`([^`]+)`", " ".join(cells)))


def test_each_operation_has_a_row() -> None:
    """Each one of version 2, and no other."""
    sent = {f"{each.method} {each.path}" for each in OPERATIONS.values()}

    assert in_code_style(first_column("Operations")) == sent


def test_each_field_of_a_tracking_has_a_row() -> None:
    """And each one of a checkpoint and a leg."""
    named = in_code_style(first_column("Fields"))
    fields = {
        field.encode_name
        for model in (models.Tracking, models.Checkpoint, models.Leg)
        for field in msgspec.structs.fields(model)
    }

    assert fields - named <= {"trackinfo", "ActType", "substatus_num"}


def test_statuses_are_those_of_the_contract() -> None:
    """All of them are named, and have a stage in the example."""
    for status in models.TrackingStatus:
        assert f"`{status}`" in SECTIONS["Statuses"]
        assert f'"{status}": Stage.' in PAGE


def test_codes_are_those_of_the_contract() -> None:
    """Each code of version 2 in the table exists."""
    codes = {int(code) for code in re.findall(r"\d+", " ".join(first_column("Codes")))}

    assert codes
    assert codes <= META_CODES.keys()
