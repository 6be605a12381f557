"""The file of carriers that completion and suggestions read."""

from pathlib import Path

import pytest

from trackingmore_v2_cli._carrier_cache import (
    cache_file,
    read_carriers,
    suggest_carrier,
    write_carriers,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache folder that does not exist yet."""
    monkeypatch.setenv("TRACKINGMORE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_carriers_are_read_as_written(folder: Path) -> None:
    """Names may be in any language; nothing but the file remains."""
    write_carriers([("ups", "UPS"), ("china-post", "中国邮政"), ("4px", "")])
    write_carriers([("ups", "UPS"), ("china-post", "中国邮政"), ("4px", "")])

    assert read_carriers() == {"ups": "UPS", "china-post": "中国邮政", "4px": ""}
    assert list(folder.iterdir()) == [folder / "carriers.tsv"]
    assert cache_file().read_bytes().startswith(b"ups\tUPS\n")


def test_codes_that_a_shell_would_expand_are_not_stored() -> None:
    """A server may send any text."""
    write_carriers([("$(reboot)", "x"), ("a b", "x"), ("", "x"), ("ups", "a\tb\nc\x1b[31m")])

    assert read_carriers() == {"ups": "a b c [31m"}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"ups", b"\tups\n", b"\n\n"])
def test_a_damaged_file_has_no_carriers(folder: Path, content: bytes) -> None:
    """It is no error: the next `carriers` replaces it."""
    folder.mkdir()
    cache_file().write_bytes(content)

    assert read_carriers() == {}
    assert suggest_carrier("upz") == ""


def test_no_suggestions_without_the_file(folder: Path) -> None:
    """Neither if it is missing nor if it cannot be read."""
    assert suggest_carrier("upz") == ""

    cache_file().mkdir(parents=True)

    assert suggest_carrier("upz") == ""
    assert read_carriers() == {}
    assert folder.exists()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("upz", " Did you mean 'ups'?"),
        ("UPS", " Did you mean 'ups'?"),
        ("correios-cabo-verd", " Did you mean 'Correios-Cabo-Verde'?"),
        ("ups", ""),
        ("qqqqqq", ""),
    ],
)
def test_a_similar_code_is_suggested(code: str, expected: str) -> None:
    """Codes differ by case; one code of the API has capitals."""
    write_carriers([("ups", "UPS"), ("usps", "USPS"), ("Correios-Cabo-Verde", "Correios")])

    assert suggest_carrier(code) == expected
