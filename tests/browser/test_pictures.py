"""The pictures of README and docs can be drawn anew."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.pictures import draw_all

IMAGES = Path(__file__).parents[2] / "docs" / "images"
MAX_BYTES = 200_000


def test_each_picture_is_drawn(browser: Browser, tmp_path: Path) -> None:
    """There is one for each file in `docs/images`, and all are small."""
    draw_all(browser, tmp_path)

    drawn = {file.name: file.stat().st_size for file in tmp_path.iterdir()}
    assert drawn.keys() == {file.name for file in IMAGES.iterdir()}
    assert max(drawn.values()) < MAX_BYTES
