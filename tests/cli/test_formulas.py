"""Text that a spreadsheet would evaluate."""

from itertools import product

import pytest

from trackingmore_v2_cli._tables.formulas import guard, is_formula, unguard

ALPHABET = "'=-\t\n a＝\ufeff\x00"  # noqa: RUF001 - a full-width form
TEXTS = ["".join(each) for length in range(5) for each in product(ALPHABET, repeat=length)]


def test_import_reads_what_export_wrote() -> None:
    """Whatever a text begins with, an apostrophe included."""
    assert [unguard(guard(text)) for text in TEXTS] == TEXTS


def test_no_guarded_text_is_a_formula() -> None:
    """Of all short texts of characters that count."""
    assert not [text for text in TEXTS if is_formula(guard(text))]


@pytest.mark.parametrize("first", [*"=+-@\t\r\n＝＋－＠", " =", "\ufeff+", "\x00="])  # noqa: RUF001 - full-width forms
def test_formulas_get_an_apostrophe(first: str) -> None:
    """Those that OWASP lists, and the same after blanks."""
    assert guard(f'{first}HYPERLINK("http://a.example")').startswith("'")


@pytest.mark.parametrize("text", ["", "shoes", "'s-Hertogenbosch", "1-2", "a=b", "\u2019=", " a"])
def test_other_text_stays(text: str) -> None:
    """An apostrophe that guards nothing is part of the text."""
    assert guard(text) == unguard(text) == text


def test_typed_apostrophe_is_removed() -> None:
    """People write it before a telephone number for the same purpose."""
    assert unguard("'+49 170 1234567") == "+49 170 1234567"
