"""Inputs made from seeds and tokens by random mutations."""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final, TypeAlias

MAX_SIZE: Final = 20_000
"""Largest input in bytes, so that no input takes long."""

_JSON_VALUE: Final = re.compile(
    rb'"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|\{\}|\[\]'
)
_BRACKET: Final = re.compile(rb"[][{}]")

Span: TypeAlias = tuple[int, int]
Replacement: TypeAlias = Callable[["Mutator", bytes], bytes]


class Mutator:
    """A generator of inputs, which depend only on its arguments."""

    def __init__(self, random: Random, seeds: Sequence[bytes], tokens: Sequence[bytes]) -> None:
        self.random = random
        self.seeds = seeds
        self.tokens = tokens

    def make(self) -> bytes:
        """Return a seed after one to eight mutations, each of which replaces a part of it."""
        data = self.random.choice(self.seeds)
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            find, replace = self.random.choice(_MUTATIONS)
            start, end = find(self.random, data)
            data = data[:start] + replace(self, data[start:end]) + data[end:]
        return data[:MAX_SIZE]

    def token(self, _old: bytes) -> bytes:
        """Return a token, rarely many times: long numbers, deep nesting."""
        return self.random.choice(self.tokens) * self.random.choice((*(1,) * 38, 100, 3000))

    def splice(self, find: Callable[[Random, bytes], Span]) -> bytes:
        """Return a part of another seed."""
        seed = self.random.choice(self.seeds)
        return seed[slice(*find(self.random, seed))]


def _head(random: Random, _data: bytes) -> Span:
    """Return the first bytes, which select what some targets do."""
    return 0, random.randint(1, 2)


def _piece(random: Random, data: bytes) -> Span:
    start = random.randint(0, len(data))
    return start, start + random.randint(0, random.choice((0, 1, 2, 4, 16, 64, 400)))


def _tail(random: Random, data: bytes) -> Span:
    return random.randint(0, len(data)), len(data)


def _json_value(random: Random, data: bytes) -> Span:
    value = _JSON_VALUE.search(data, random.randint(0, len(data)))
    return value.span() if value else _piece(random, data)


def _json_container(random: Random, data: bytes) -> Span:
    """Return an object or array; brackets inside of strings count too, which does no harm."""
    start = max(data.find(random.choice((b"{", b"[")), random.randint(0, len(data))), 0)
    depth = 0
    for bracket in _BRACKET.finditer(data, start):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth <= 0:
            return start, bracket.end()
    return _piece(random, data)


_MUTATIONS: Final[Sequence[tuple[Callable[[Random, bytes], Span], Replacement]]] = (
    (_head, lambda it, old: it.random.randbytes(len(old))),
    (_piece, lambda it, old: it.random.randbytes(len(old))),
    (_piece, lambda it, old: bytes(byte ^ 1 << it.random.randrange(8) for byte in old)),
    (_piece, lambda it, old: old * it.random.choice((0, 2, 3, 50))),
    (_piece, Mutator.token),
    (_piece, Mutator.token),
    (_piece, lambda *_: b""),
    (_tail, lambda *_: b""),
    (_tail, lambda it, _: it.splice(_tail)),
    (_json_value, Mutator.token),
    (_json_value, Mutator.token),
    (_json_value, Mutator.token),
    (_json_value, lambda it, _: it.splice(_json_value)),
    (_json_container, Mutator.token),
    (_json_container, lambda _, old: b"[" + old + b"," + old + b"]"),
    (_json_container, lambda it, old: it.token(old) + b"," + old),
)
