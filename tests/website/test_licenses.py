"""Licences of what the pages contain of others."""

from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from website import licenses


def test_each_package_in_the_pages_has_its_licence(tmp_path: Path) -> None:
    """As text, with the terms themselves."""
    licenses.write(tmp_path / "licenses")
    texts = {path.name: path.read_text("utf-8") for path in (tmp_path / "licenses").iterdir()}

    assert texts.keys() == {f"{name}.LICENSE.txt" for name in licenses.PACKAGES}
    assert all("Copyright" in text and "WARRANT" in text for text in texts.values())


def test_a_package_without_a_licence_stops_the_build() -> None:
    """And so does one that is not installed."""
    with pytest.raises(PackageNotFoundError):
        licenses.read("no-such-package")
