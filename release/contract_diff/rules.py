"""The rules: the impact of a change of one key, by the kind of object that it is in."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias

from release.changes import ABSENT, Impact, differing


class Direction(Enum):
    """Who sends a value; it decides what a wider or a narrower range of values means."""

    REQUEST = "request"
    RESPONSE = "response"

    def impact(self, *, wider: bool) -> Impact:
        """Return the impact of accepting, or of sending, other values than before."""
        return Impact.ADDITIVE if wider is (self is Direction.REQUEST) else Impact.BREAKING


Rule: TypeAlias = Callable[[Any, Any, Direction], Impact]
"""Returns the impact, given the value before, the value now and the direction."""

Rules: TypeAlias = Mapping[str, Rule]
"""By key; `fact` judges all other keys, so that none is overlooked."""

Node: TypeAlias = Mapping[str, Any]


class Difference(NamedTuple):
    """A key with another value."""

    key: str
    old: Any
    new: Any
    rule: Rule


def text(_old: Any, _new: Any, _direction: Direction) -> Impact:
    """Judge a value that no program depends on."""
    return Impact.WORDING


def identity(_old: Any, _new: Any, _direction: Direction) -> Impact:
    """Judge a value that has to stay as it is."""
    return Impact.BREAKING


def fact(old: Any, _new: Any, _direction: Direction) -> Impact:
    """Judge a value on which programs may depend as soon as it is stated."""
    return Impact.ADDITIVE if old is ABSENT else Impact.BREAKING


def assertion(old: Any, new: Any, direction: Direction) -> Impact:
    """Judge a condition of values that can only be compared with its absence."""
    if ABSENT in (old, new):
        return direction.impact(wider=new is ABSENT)
    return Impact.BREAKING


def upper(old: Any, new: Any, direction: Direction) -> Impact:
    """Judge a maximum."""
    return direction.impact(wider=_number(new, math.inf) > _number(old, math.inf))


def lower(old: Any, new: Any, direction: Direction) -> Impact:
    """Judge a minimum."""
    return direction.impact(wider=_number(new, -math.inf) < _number(old, -math.inf))


def types(old: Any, new: Any, direction: Direction) -> Impact:
    """Judge types of JSON; a missing one means any type."""
    before, now = _types(old), _types(new)
    if before < now or before > now:
        return direction.impact(wider=before < now)
    return Impact.BREAKING


def open_enum(_old: Any, new: Any, direction: Direction) -> Impact:
    """Judge whether responses may contain other values than those listed."""
    if direction is Direction.REQUEST:
        return Impact.WORDING
    return direction.impact(wider=new is True)


def ranked(ranks: Mapping[Any, int], better: Impact = Impact.ADDITIVE) -> Rule:
    """Return a rule for values with ranks: a value of a higher rank does no harm."""

    def rule(old: Any, new: Any, _direction: Direction) -> Impact:
        known = old in ranks and new in ranks
        return better if known and ranks[new] > ranks[old] else Impact.BREAKING

    return rule


def rate(old: Any, new: Any, _direction: Direction) -> Impact:
    """Judge a rate limit, which is lower if either its rate or its burst is."""
    if ABSENT in (old, new):
        return Direction.REQUEST.impact(wider=new is ABSENT)
    per_second = [limit["requests"] / limit["seconds"] for limit in (old, new)]
    lowered = per_second[1] < per_second[0] or new["requests"] < old["requests"]
    return Impact.BREAKING if lowered else Impact.ADDITIVE


def cost(old: Any, new: Any, _direction: Direction) -> Impact:
    """Judge what a call costs: it was free if nothing is stated."""
    if ABSENT in (old, new):
        return Impact.ADDITIVE if new is ABSENT else Impact.BREAKING
    per_unit = [each["trackings"] / each.get("items", each.get("calls")) for each in (old, new)]
    same_unit = ("items" in old) is ("items" in new)
    return Impact.ADDITIVE if same_unit and per_unit[1] <= per_unit[0] else Impact.BREAKING


def security(old: Any, new: Any, _direction: Direction) -> Impact:
    """Judge the alternatives of authentication: each that was enough has to stay enough."""
    before: list[Any] = old or [{}]
    now: list[Any] = new or [{}]
    accepted = {} in now or all(alternative in now for alternative in before)
    return Impact.ADDITIVE if accepted else Impact.BREAKING


def deprecation(_old: Any, _new: Any, _direction: Direction) -> Impact:
    """Judge the mark of what will be removed."""
    return Impact.ADDITIVE


evidence: Final = ranked({"inferred": 0, "recorded": 1, "documented": 2}, better=Impact.WORDING)
"""Weaker evidence withdraws what users relied on; stronger evidence changes no request."""

TEXTS: Final[Rules] = dict.fromkeys(
    ("summary", "description", "title", "example", "examples", "externalDocs", "$comment"), text
)
_ASSERTIONS: Final = (
    *("pattern", "format", "const", "not", "allOf", "multipleOf", "uniqueItems"),
    *("readOnly", "writeOnly", "if", "then", "else", "prefixItems", "contains", "propertyNames"),
    *("patternProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
)

SCHEMA: Final[Rules] = {
    **TEXTS,
    "deprecated": deprecation,
    **dict.fromkeys(
        ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), upper
    ),
    **dict.fromkeys(
        ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), lower
    ),
    **dict.fromkeys(_ASSERTIONS, assertion),
    "type": types,
    "x-open": open_enum,
    "x-allowed": text,
    "x-python-name": identity,
}
PARAMETER: Final[Rules] = {
    **TEXTS,
    "deprecated": deprecation,
    "style": identity,
    "explode": identity,
    "allowReserved": identity,
    "allowEmptyValue": ranked({ABSENT: 0, False: 0, True: 1}),
}
MEDIA: Final[Rules] = {**TEXTS, "encoding": identity}
OPERATION: Final[Rules] = {
    **TEXTS,
    "deprecated": deprecation,
    "tags": text,
    "security": security,
    "x-rate-limit": rate,
    "x-quota": cost,
    "x-retry": ranked({"create": 0, "move": 0, "idempotent": 1, "safe": 2}),
    "x-success-codes": identity,
    "x-batch max-items": upper,
    "x-batch over-limit-code": identity,
    "x-batch evidence": evidence,
    "x-pagination max-size": upper,
    "x-pagination evidence": evidence,
}
CODE: Final[Rules] = {
    "message": text,  # only the code distinguishes errors
    "other-messages": text,
    "type": text,
    "other-types": text,
    "meaning": text,
    "advice": text,
    "name": identity,
    "exception": identity,
    "retryable": ranked({False: 0, True: 1}),
    "pause-seconds": lower,
    "x-evidence": evidence,
}
DOCUMENT: Final[Rules] = {"info": text, "tags": text, "x-oddities": text}
SCHEME: Final[Rules] = {**TEXTS, **dict.fromkeys(("type", "in", "name", "scheme"), identity)}


def differences(
    old: Node, new: Node, rules: Rules, *, without: Sequence[str] = ()
) -> Iterator[Difference]:
    """Yield what differs, in the order of the keys; `without` keys are for the caller."""
    for key, before, now in differing(old, new):
        if key not in without:
            yield Difference(key, before, now, rules.get(key, fact))


def _number(value: Any, absent: float) -> float:
    return absent if value is ABSENT else float(value)


def _types(value: Any) -> frozenset[str]:
    if value is ABSENT:
        return frozenset({"string", "number", "integer", "boolean", "array", "object"})
    names = frozenset([value] if isinstance(value, str) else value)
    return names | {"integer"} if "number" in names else names
