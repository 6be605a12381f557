"""What the page about security names exists, and settings that it excludes are rejected."""

import re
from typing import Any

import pytest

from tests.docs.pages import DOCS, page
from trackingmore_v2 import ConfigurationError, TrackingMore

PAGE = page("security.md")


def test_the_tests_that_it_names_exist() -> None:
    """Each link into the repository leads to a file."""
    files = re.findall(r"\]\(https://github.com/[\w-]+/[\w-]+/blob/main/([^)]+)\)", PAGE)

    assert files
    assert [file for file in files if not (DOCS.parent / file).is_file()] == []


def test_certificates_are_always_checked() -> None:
    """`verify=False`, which other libraries take, is rejected."""
    verify: Any = False
    with pytest.raises(ConfigurationError):
        TrackingMore("any-key", verify=verify)

    assert "`verify=False` is rejected" in PAGE
