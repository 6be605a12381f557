"""What is meant by an invalid scenario number."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from typing import Final

from trackingmore_v2_sandbox.scenarios.grammar import PREFIX, parse
from trackingmore_v2_sandbox.scenarios.program import BODIES, CALLS, EFFECTS
from trackingmore_v2_sandbox.scenarios.statuses import WORDS

_LONGEST: Final = 200
"""Maximum number of characters that are compared."""

_STATES: Final = frozenset(map(str.upper, WORDS))
_WORDS: Final = _STATES | {"SINCE", "TO", "ON", *CALLS, *BODIES, *EFFECTS}
_LONG_TIME: Final = re.compile(r"([0-9]+)([SMHD])[A-Z]+")
_PARAMETER: Final = re.compile(r"[0-9]+[SMHD]?|[A-Z]{2}")
_A_TIME: Final = "1D"


@lru_cache(maxsize=256)
def correction(number: str) -> str | None:
    """
    Return what is meant by an invalid scenario number.

    Args:
        number: The number, with its prefix.

    Returns:
        The right word if one is misspelt, or the whole number if more is wrong; None if unknown.
    """
    if len(number) > _LONGEST:
        return None
    program, underscore, label = number.upper().partition("_")
    given = program.split("-")[1:]
    meant = [_word_meant(word) for word in given]
    whole = PREFIX + "-".join(_with_times(meant)) + underscore + label
    if parse(whole) is None:
        return None
    wrong = [new for old, new in zip(given, meant, strict=True) if old != new]
    is_one_word = len(wrong) == 1 and whole.count("-") == program.count("-")
    return wrong[0] if is_one_word else whole


def _word_meant(word: str) -> str:
    if word in _WORDS or _PARAMETER.fullmatch(word):
        return word
    if time := _LONG_TIME.fullmatch(word):
        return time[1] + time[2]
    return next(iter(get_close_matches(word, sorted(_WORDS), n=1, cutoff=0.7)), word)


def _with_times(words: list[str]) -> Iterator[str]:
    """Yield the words, with a time between states that have none."""
    for before, word in pairwise(["", *words]):
        if before in _STATES and word in _STATES:
            yield _A_TIME
        yield word
