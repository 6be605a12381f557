"""The contract is loaded strictly, and its parts are found by JSON pointer."""

import pytest
import yaml

from website.contract import load, pointer


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate key 'a'"),
        ("a:\n  - {b: 1, b: 1}\n", "duplicate key 'b'"),
        ("200: Success\n", "quote the key 200"),
    ],
    ids=["at the top", "deep inside", "number"],
)
def test_loading_rejects_wrong_keys(text: str, problem: str) -> None:
    """A duplicate key, or one that YAML reads as a number, is an error."""
    with pytest.raises(yaml.MarkedYAMLError, match=problem):
        load(text)


def test_loading_keeps_the_order_of_keys() -> None:
    """The order is that of the file."""
    assert list(load("b: 1\na: 2\n")) == ["b", "a"]


def test_a_pointer_escapes_what_it_quotes() -> None:
    """A key with a slash or a tilde stays one step of a pointer."""
    assert pointer("#", "paths", "/carriers", "x~y", 0) == "#/paths/~1carriers/x~0y/0"
