"""No block of code in the documentation is without a test."""

import ast
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, Block, blocks, page
from tests.docs.test_shown import SHOWN

BY_LANGUAGE = {
    "console": "test_command_line",
    "sh": "test_shell",
}
"""Tests that run each block in a language, whatever its page is."""


@pytest.mark.parametrize("name", PAGES)
def test_each_block_has_a_test(name: str) -> None:
    """A test runs all of its page or of its language, or names the section that it is in."""
    named = names_in_tests_of(name)
    text = page(name)
    left = [block for block in blocks(name) if not has_test(block, text)]
    sections = [(block.section, block.language) for block in left]

    assert [section for section in sections if section[0] not in named] == []
    assert len(sections) == len(set(sections)), "a section has two blocks, and one of them no test"


def has_test(block: Block, text: str) -> bool:
    """Return whether a test runs all blocks of this kind, or compares this output of one."""
    is_output = f"```\n\n```text\n{block.text}```" in text and block.language == "text"
    is_shown = block.page in SHOWN and (block.language == "python" or is_output)
    return is_shown or block.language in BY_LANGUAGE


def names_in_tests_of(name: str) -> set[str]:
    """Return the texts in the modules of tests that name a page."""
    texts = map(texts_of, Path(__file__).parent.glob("*.py"))
    return {text for each in texts if name in each for text in each}


def texts_of(module: Path) -> set[str]:
    """Return the literal texts of a module."""
    nodes = ast.walk(ast.parse(module.read_text(encoding="utf-8")))
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
