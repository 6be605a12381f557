"""A version fits the changes since the last release, by semantic versioning."""

import pytest

from release.changes import Impact
from release.history import version_in
from release.versions import judge, lowest_version

BREAKING, ADDITIVE, WORDING = Impact.BREAKING, Impact.ADDITIVE, Impact.WORDING


@pytest.mark.parametrize(
    ("previous", "impact", "lowest"),
    [
        ("0.1.0", BREAKING, "0.2.0"),
        ("0.1.4", BREAKING, "0.2.0"),
        ("0.1.0", ADDITIVE, "0.1.1"),
        ("0.1.0", WORDING, "0.1.1"),
        ("0.1.0", None, "0.1.0"),
        ("1.4.2", BREAKING, "2.0.0"),
        ("1.4.2", ADDITIVE, "1.5.0"),
        ("1.4.2", WORDING, "1.4.3"),
        ("1.4.2", None, "1.4.2"),
    ],
)
def test_the_lowest_version_follows_the_worst_change(
    previous: str, impact: Impact | None, lowest: str
) -> None:
    """Before 1.0.0 only breaking changes require more than a patch step."""
    assert lowest_version(previous, impact) == lowest


@pytest.mark.parametrize(
    ("version", "impact"),
    [
        ("0.2.0", BREAKING),
        ("0.3.1", BREAKING),
        ("1.0.0", BREAKING),
        ("0.2.0rc1", BREAKING),
        ("0.1.1", ADDITIVE),
        ("0.1.0", None),
    ],
)
def test_a_version_that_is_high_enough_fits(version: str, impact: Impact | None) -> None:
    """A larger step than required fits, and so does a pre-release of a version that fits."""
    assert judge(version, "0.1.0", impact) == f"version {version} fits"


@pytest.mark.parametrize(
    ("version", "impact", "lowest"),
    [
        ("0.1.1", BREAKING, "0.2.0"),
        ("0.1.1rc1", BREAKING, "0.2.0"),
        ("0.1.0", ADDITIVE, "0.1.1"),
        ("0.1.0", WORDING, "0.1.1"),
        ("0.0.9", None, "0.1.0"),
    ],
)
def test_a_version_that_is_too_low_is_rejected(
    version: str, impact: Impact | None, lowest: str
) -> None:
    """The sentence names the lowest version that fits; an unchanged version never does."""
    rejected = f"version {version} is too low for these changes; the lowest allowed is {lowest}"

    assert judge(version, "0.1.0", impact) == rejected


def test_the_version_is_read_from_its_module() -> None:
    """The version of a tag is in the module as it was."""
    assert version_in('"""The version."""\n\n__version__ = "0.3.1"\n') == "0.3.1"
