"""The public door: what it shows. What it says about that is in `test_docstrings.py`."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import trackingmore_v2

OVERLAY = Path(trackingmore_v2.__file__).parent


def test_all_is_what_is_visible() -> None:
    """`__all__` is sorted, and names everything public and nothing else."""
    visible = {
        name
        for name, value in vars(trackingmore_v2).items()
        if not name.startswith("_") and (name == "models" or not inspect.ismodule(value))
    }

    assert set(trackingmore_v2.__all__) == visible | {"__version__"}
    assert trackingmore_v2.__all__ == sorted(trackingmore_v2.__all__)


def test_one_module_knows_the_http_library() -> None:
    """The HTTP library can be replaced in one place."""
    users = [
        path.name
        for path in OVERLAY.rglob("*.py")
        if re.search(r"^(import|from) httpx2", path.read_text(), re.MULTILINE)
    ]

    assert users == ["http.py"]


@pytest.mark.parametrize("path", sorted(OVERLAY.rglob("*.py")), ids=lambda path: path.name)
def test_no_number_of_the_contract_is_repeated(path: Path) -> None:
    """Limits and rates stand in the contract and nowhere else."""
    constants = {
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
    }

    assert not constants & {40, 120, 200, 2000}
