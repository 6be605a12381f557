"""Inputs from seeds, tokens and a random generator; the same seed gives the same inputs."""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final, TypeAlias

LONGEST: Final = 20_000
"""No input is longer, so that none takes long."""

JSON_TOKENS: Final = (
    *(b"null", b"true", b"false", b"0", b"-0", b"-1", b"1.0", b"1e5", b"1e400", b"-1e400", b"NaN"),
    *(b"Infinity", b"9223372036854775807", b"9223372036854775808", b"18446744073709551616"),
    *(b"0.1", b"1E-400", b"00", b"1" * 400, b"9" * 5000, b'""', b'"null"', b'"0"', b'"1e999"'),
    *(b'"{}"', b'"[]"', b'"[[\\"a\\"]]"', b'"\\u0000"', b'"\\ud800"', b'"\\udc00\\ud800"'),
    *(b'"\\ud83d\\udce6"', b'"\xff"', b'"\\', b'"', b"{}", b"[]", b"[[]]", b"[{}]", b"{", b"}"),
    *(
        b"[",
        b"]",
        b",",
        b":",
        b"[" * 100,
        b'{"a":' * 100,
        b"[" * 3000,
        b"/**/",
        b" ",
        b"\n",
        b"\x00",
    ),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", "é".encode(), "📦".encode(), b"\xe2\x80\xa8"),
    *(
        b"0000-00-00 00:00:00",
        b"9999-12-31T23:59:59+00:00",
        b"2026-02-30",
        b"%00",
        b"../",
        b"<html>",
    ),
)
"""Pieces that mean something to whoever reads JSON, or texts from the web."""

_JSON_VALUE: Final = re.compile(
    rb'"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|\{\}|\[\]'
)
_BRACKETS: Final = {ord("{"): ord("}"), ord("["): ord("]")}

Change: TypeAlias = Callable[["Mutator", bytearray], None]


class Mutator:
    """
    Changes seeds.

    Args:
        random: Where chance comes from.
        seeds: What inputs are made of.
        tokens: Pieces that mean something to the target.
    """

    def __init__(self, random: Random, seeds: Sequence[bytes], tokens: Sequence[bytes]) -> None:
        self.random = random
        self.seeds = seeds
        self.tokens = (*tokens, *JSON_TOKENS)

    def make(self) -> bytes:
        """Build one input: a seed after a few changes."""
        data = bytearray(self.random.choice(self.seeds))
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            self.random.choice(_CHANGES)(self, data)
        return bytes(data[:LONGEST])

    def place(self, data: bytearray) -> int:
        """Choose a place in an input, its end included."""
        return self.random.randint(0, len(data))

    def piece(self, data: bytearray) -> slice:
        """Choose a piece of an input: short ones most of the time."""
        start = self.place(data)
        length = self.random.randint(0, self.random.choice((1, 2, 4, 16, 64, 400)))
        return slice(start, start + length)


def _flip(mutator: Mutator, data: bytearray) -> None:
    """Change one bit."""
    if data:
        data[mutator.random.randrange(len(data))] ^= 1 << mutator.random.randrange(8)


def _overwrite(mutator: Mutator, data: bytearray) -> None:
    """Write random bytes over some."""
    piece = mutator.piece(data)
    data[piece] = mutator.random.randbytes(len(data[piece]))


def _change_head(mutator: Mutator, data: bytearray) -> None:
    """Change the first bytes, which may choose what the rest is taken for."""
    length = mutator.random.randint(1, 2)
    data[:length] = mutator.random.randbytes(length)


def _insert(mutator: Mutator, data: bytearray) -> None:
    """Store a token in between."""
    place = mutator.place(data)
    data[place:place] = mutator.random.choice(mutator.tokens)


def _replace(mutator: Mutator, data: bytearray) -> None:
    """Store a token in the place of something."""
    data[mutator.piece(data)] = mutator.random.choice(mutator.tokens)


def _delete(mutator: Mutator, data: bytearray) -> None:
    """Leave something out."""
    del data[mutator.piece(data)]


def _cut(mutator: Mutator, data: bytearray) -> None:
    """End early."""
    del data[mutator.place(data) :]


def _repeat(mutator: Mutator, data: bytearray) -> None:
    """Write something several times."""
    piece = mutator.piece(data)
    data[piece] = bytes(data[piece]) * mutator.random.choice((2, 3, 50))


def _splice(mutator: Mutator, data: bytearray) -> None:
    """Go on as another seed does."""
    other = mutator.random.choice(mutator.seeds)
    data[mutator.place(data) :] = other[mutator.random.randint(0, len(other)) :]


def _replace_value(mutator: Mutator, data: bytearray) -> None:
    """Store a token in the place of a value of JSON."""
    found = _value(mutator, data)
    if found:
        data[slice(*found.span())] = mutator.random.choice(mutator.tokens)


def _move_value(mutator: Mutator, data: bytearray) -> None:
    """Store a value of JSON in the place of another."""
    found, other = _value(mutator, data), _value(mutator, data)
    if found and other:
        data[slice(*found.span())] = other[0]


def _replace_container(mutator: Mutator, data: bytearray) -> None:
    """Store a token, or the whole twice, in the place of an object or an array of JSON."""
    found = _container(mutator, data)
    if found:
        whole = bytes(data[found])
        twice = b"[" + whole + b"," + whole + b"]"
        data[found] = mutator.random.choice((twice, mutator.random.choice(mutator.tokens)))


def _value(mutator: Mutator, data: bytearray) -> re.Match[bytes] | None:
    return _JSON_VALUE.search(bytes(data), mutator.place(data))


def _container(mutator: Mutator, data: bytearray) -> slice | None:
    """Choose an object or an array; brackets in texts may lead astray, which does no harm."""
    start = min(
        (at for at in (data.find(each, mutator.place(data)) for each in _BRACKETS) if at >= 0),
        default=None,
    )
    if start is None:
        return None
    opening, closing, depth = data[start], _BRACKETS[data[start]], 0
    for at in range(start, len(data)):
        depth += (data[at] == opening) - (data[at] == closing)
        if depth == 0:
            return slice(start, at + 1)
    return slice(start, len(data))


_CHANGES: Final[tuple[Change, ...]] = (
    *(_flip, _overwrite, _change_head, _insert, _replace, _delete, _cut, _repeat, _splice),
    *(_replace_value, _replace_value, _replace_value, _move_value, _replace_container),
)
