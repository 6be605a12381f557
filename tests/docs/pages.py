"""Pages of the documentation, and the code blocks on them."""

import re
from pathlib import Path
from typing import Final

ORDERS: Final = """carrier_code,tracking_number,order_id
china-ems,LK664578623CN,#1
ups,1Z97X17XYW06605211,#2
ups,nonsense!,#3
"""
"""The file `orders.csv` of the examples."""


def page(name: str) -> str:
    """Return the text of a page."""
    return (Path(__file__).parents[2] / "docs" / name).read_text(encoding="utf-8")


def examples(text: str) -> dict[str, str]:
    """Return the first Python block of each section of a page, by the section's title."""
    return dict(re.findall(r"## ([^\n]+)\n(?:(?!## ).)*?```python\n(.*?)```", text, re.DOTALL))
