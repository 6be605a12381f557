# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""
Limits of what a response may cost to decode.

A few bytes of JSON may become hundreds in memory: an empty object becomes a model with all its
fields. The limits lie far above what the API sends, so that none of its responses exceeds one.
"""

import re
from os import urandom
from typing import Final

MAX_ITEMS: Final = 100_000
"""Items of an array or object that does not match its type; each may need a repair."""

MAX_MEMORY: Final = 96 * 2**20
"""Bytes of a response and its models together, unless the models are in proportion to it."""

MAX_GROWTH: Final = 5
"""Estimated size of the models, in relation to the response. Full pages of the API have 2.7."""

UNCOUNTED_COMMAS: Final = 500_000
"""
Commas up to which an array is opened without its items being counted.

A page has some 120 for each tracking; counting its own ones takes as long as decoding it.
"""

_MAX_UNQUOTED: Final = 8 * 2**20
"""Bytes without a quotation mark: more are one huge string or number, or have no names."""

_VALUE: Final = 64
"""Bytes of a short string in memory; counted for each comma."""

_CONTAINER: Final = 96
"""Bytes of a checkpoint in memory; counted for each object and array."""

_ALWAYS_AFFORDABLE: Final = 2**20
_STRIDE: Final = 2**16
_SAMPLE: Final = 2**10
_PIECE: Final = 2**20
_QUOTE: Final = re.compile(rb'(?<!\\)"')
_NOT_SPACE: Final = re.compile(rb"[^ \t\r\n]")
_SKIPPED: Final = rb'[^"\[\]{}%b]*+(?:"(?:[^"\\]++|\\.)*+"[^"\[\]{}%b]*+)*+'
_TO_COMMA: Final = re.compile(_SKIPPED % (b",", b",") + rb"([,\[\]{}])", re.DOTALL)
_TO_BRACKET: Final = re.compile(_SKIPPED % (b"", b"") + rb"([\[\]{}])", re.DOTALL)
_DEPTHS: Final = {b"[": 1, b"{": 1, b"]": -1, b"}": -1, b",": 0}


class TooExpensive(ValueError):
    """A response would take far more memory than its size suggests."""


def require_affordable(body: bytes) -> None:
    """
    Check that decoding a response takes memory in proportion to its size.

    Raises:
        TooExpensive: It holds too many values for its size, or one that is huge.
    """
    size = len(body)
    if size <= _ALWAYS_AFFORDABLE:
        return
    growth = estimated_growth(body)
    if growth > MAX_GROWTH and size * (1 + growth) > MAX_MEMORY:
        raise TooExpensive(f"too many values: they would take {growth:.0f} times its size")
    if _has_long_run(body):
        raise TooExpensive(f"more than {_MAX_UNQUOTED} bytes without a quotation mark")


def _has_long_run(body: bytes) -> bool:
    """Return whether a whole block is without a quotation mark, as in a run of twice its size."""
    for start in range(0, len(body) - _MAX_UNQUOTED, _MAX_UNQUOTED):
        end = start + _MAX_UNQUOTED
        if not _QUOTE.search(body, start, end):
            # White space after the response costs nothing.
            return bool(_NOT_SPACE.search(body, end))
    return False


def estimated_growth(body: bytes) -> float:
    """Estimate the size of the models in relation to the body, from samples of it."""
    # Counting in all of a page would take a fifth of the time of decoding it. The samples begin
    # anywhere, so that a body cannot be made to look cheap.
    starts = range(int.from_bytes(urandom(2)), len(body), _STRIDE)
    samples = b"".join([body[start : start + _SAMPLE] for start in starts])
    containers = samples.count(b"{") + samples.count(b"[")
    return (_VALUE * samples.count(b",") + _CONTAINER * containers) / len(samples)


def may_have_many_items(text: memoryview) -> bool:
    """Return whether a text has so many commas that the items of its arrays must be counted."""
    return _has_commas(text, UNCOUNTED_COMMAS)


def has_too_many_items(text: memoryview) -> bool:
    """Return whether an object or array has more than `MAX_ITEMS` items."""
    # An item with a key takes more memory.
    uncounted = UNCOUNTED_COMMAS if bytes(text[:1]) == b"[" else MAX_ITEMS
    return _has_commas(text, uncounted) and _has_many_items(text)


def _has_commas(text: memoryview, count: int) -> bool:
    if len(text) <= count:
        return False
    # Counted in pieces, since a copy of all would take as much memory as the response.
    starts = range(0, len(text), _PIECE)
    return sum(bytes(text[start : start + _PIECE]).count(b",") for start in starts) >= count


def _has_many_items(text: memoryview) -> bool:
    """Return whether more than `MAX_ITEMS` items are not in the containers within this one."""
    items, depth, position = 1, 0, 0
    while items <= MAX_ITEMS:
        token = (_TO_BRACKET if depth > 1 else _TO_COMMA).match(text, position)
        if not token:
            return False
        items += token[1] == b","
        depth += _DEPTHS[token[1]]
        position = token.end()
    return True
