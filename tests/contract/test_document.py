"""The helpers that load the contract do not let a slip pass."""

import pytest
import yaml

from tests.contract.document import load, pointer


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "the key 'a' stands twice"),
        ("a:\n  - {b: 1, b: 1}\n", "the key 'b' stands twice"),
        ("200: Success\n", "quote the key 200"),
    ],
    ids=["at the top", "deep inside", "number"],
)
def test_loading_refuses_a_slip_of_the_pen(text: str, problem: str) -> None:
    """A key that stands twice, or that YAML reads as a number, is not silently accepted."""
    with pytest.raises(yaml.MarkedYAMLError, match=problem):
        load(text)


def test_loading_keeps_the_order_of_keys() -> None:
    """Rules about order see the order of the file."""
    assert list(load("b: 1\na: 2\n")) == ["b", "a"]


def test_a_pointer_escapes_what_it_quotes() -> None:
    """A key with a slash or a tilde stays one step of a pointer."""
    assert pointer("#", "paths", "/carriers", "x~y", 0) == "#/paths/~1carriers/x~0y/0"
