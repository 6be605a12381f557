"""Trackings with texts that files may not hold, or that programs take for something else."""

from collections.abc import Sequence

TEXTS = (
    *('=HYPERLINK("http://a.example","x")', "+49 170", "-5", "@SUM(A1)", "＝1+1", "'=1"),  # noqa: RUF001 - full-width
    *("'s-Hertogenbosch", "#N/A", "#REF!", "007", "1.23457E+11", "NaN", "TRUE", "\ufeff=1"),
    *('a,b;"c"\n\td', "a\r\nb", "a\rb", "🚚 שלום\u202e", "x\0y", "x\x1b[2Jy", "x\ufffey"),
    *("_x0041_", "<b>&amp;</b>]]>", "[red]x[/red]", "ÅÄÖ €", "x" * 40_000),
)


def trackings(count: int, kinds: Sequence[str] = TEXTS) -> list[dict[str, str]]:
    """Return trackings with all texts of customers."""
    texts = [kinds[index % len(kinds)] for index in range(count)]
    return [
        {
            "carrier_code": "ups",
            "tracking_number": f"SANDBOX-SINCE-{index % 9 + 1}D-DELIVERED_{index:03}",
            "order_id": f"{index:03}",
            **dict.fromkeys(("title", "comment", "customer_name"), text),
        }
        for index, text in enumerate(texts)
    ]


def held(text: str, suffix: str) -> str:
    """Return a text as a format holds it."""
    if suffix == ".csv":
        return text.replace("\0", "\ufffd")
    if suffix != ".xlsx":
        return text
    for forbidden in "\0\x1b\ufffe":
        text = text.replace(forbidden, "\ufffd")
    text = text if len(text) <= 32_767 else f"{text[:32_766]}…"
    # XML has one kind of line break.
    return text.replace("\r\n", "\n").replace("\r", "\n")
