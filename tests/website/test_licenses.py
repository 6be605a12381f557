"""The licences of the files of others in the site."""

import re
from pathlib import Path

import pytest

from website.licenses import PACKAGES
from website.try_it import BUNDLE


@pytest.mark.parametrize("package", PACKAGES)
def test_the_site_has_the_licence_of_a_package(site: Path, package: str) -> None:
    """Each licence that wants to be copied is in the site, with its holder and its whole text."""
    text = (site / f"_static/licenses/{package}.txt").read_text("utf-8")

    assert "Copyright" in text
    assert re.search("WARRANT(Y|IES)", text)


def test_the_bundle_has_its_licences(tried_site: Path) -> None:
    """Swagger UI comes with its own licence, and with those of what it contains."""
    texts = [name for name in BUNDLE if not name.endswith(".js")]

    assert texts == ["swagger-ui-bundle.js.LICENSE.txt", "LICENSE", "NOTICE"]
    assert all((tried_site / "_static/swagger-ui" / name).stat().st_size for name in texts)
