"""Comparison of two schemas: which values a request or a response may contain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Final, TypeAlias

from release.changes import ABSENT, Impact, is_list
from release.contract_diff.document import TARGET, Node, is_node
from release.contract_diff.places import Finding, Place
from release.contract_diff.rules import (
    SCHEMA,
    TEXTS,
    Difference,
    Direction,
    assertion,
    differences,
    evidence,
)

Findings: TypeAlias = Iterator[Finding]

STRUCTURE: Final = (
    *("properties", "required", "items", "additionalProperties", "anyOf", "oneOf"),
    *("enum", "x-enum-varnames", "x-enum-values", "x-evidence"),
)
"""Keys that have a function of their own."""

_NULL: Final = {"type": "null"}


@dataclass(frozen=True)
class _Schema:
    """A schema with its component merged into it, and without null."""

    keys: Node
    own: frozenset[str]
    """Keys that do not come from the component."""

    component: str | None
    nullable: bool

    @property
    def branches(self) -> list[Node]:
        """Alternatives, such as several types; a schema without any is its own and only one."""
        if alternatives := self.keys.get("anyOf") or self.keys.get("oneOf"):
            return list(alternatives)
        core = {key: value for key, value in self.keys.items() if not _is_annotation(key)}
        if isinstance(core.get("type"), list):
            return [{**core, "type": each} for each in core["type"]]
        return [{"$ref": self.component, TARGET: core} if self.component else core]

    @property
    def has_branches(self) -> bool:
        """Whether there are alternatives besides null."""
        return not self.keys.keys().isdisjoint(("anyOf", "oneOf"))


def compare_schemas(old: Node, new: Node, place: Place) -> Findings:
    """Yield the changes of a schema, and of all schemas in it."""
    if old == new:
        return
    before, now = _merge(old), _merge(new)
    if before.nullable is not now.nullable:
        predicate = "may now be null" if now.nullable else "may no longer be null"
        yield place.finding(predicate, place.direction.impact(wider=now.nullable))
    if before.has_branches or now.has_branches:
        yield from _compare_branches(before.branches, now.branches, place)
        before, now = _without_branches(before), _without_branches(now)
    yield from _compare_keys(before, now, place)


def _merge(schema: Node | bool) -> _Schema:  # noqa: FBT001 - true and false are schemas
    """Merge a component, or the only alternative to null, with the keys beside it."""
    if isinstance(schema, bool):
        return _merge({} if schema else {"not": {}})
    if TARGET in schema:
        own = _without(schema, "$ref", TARGET)
        inner = _merge(schema[TARGET])
        return _Schema({**inner.keys, **own}, frozenset(own), schema["$ref"], inner.nullable)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return _merge_alternatives(schema, key)
    types = schema.get("type")
    if not is_list(types):
        return _Schema(schema, frozenset(schema), None, nullable=False)
    others = sorted(set(types) - {"null"})
    keys = {**schema, "type": others[0] if len(others) == 1 else others}
    return _Schema(keys, frozenset(keys), None, "null" in types)


def _merge_alternatives(schema: Node, key: str) -> _Schema:
    own, others = _without(schema, key), [each for each in schema[key] if each != _NULL]
    nullable = _NULL in schema[key]
    if len(others) != 1:
        keys = {**schema, key: others}
        return _Schema(keys, frozenset(keys), None, nullable)
    inner = _merge(others[0])
    beside = frozenset(own) if inner.component else inner.own | own.keys()
    return _Schema({**inner.keys, **own}, beside, inner.component, nullable or inner.nullable)


def _without_branches(schema: _Schema) -> _Schema:
    """Return what stands beside the alternatives."""
    keys = _without(schema.keys, "anyOf", "oneOf")
    if not schema.has_branches:
        keys = {key: value for key, value in keys.items() if _is_annotation(key)}
    return replace(schema, keys=keys)


def _compare_branches(old: Sequence[Node], new: Sequence[Node], place: Place) -> Findings:
    """Compare alternatives of the same name or type, then the others in their order."""
    added = [each for each in new if each not in old]
    removed: list[Node] = []
    for branch in (each for each in old if each not in new):
        same = next((each for each in added if _title(each) == _title(branch)), None)
        if same is None:
            removed.append(branch)
        else:
            added.remove(same)
            yield from compare_schemas(branch, same, place)
    for before, now in zip_longest(removed, added):
        if before and now:
            yield from compare_schemas(before, now, place)
        elif now:
            yield place.finding(f"may now be {_title(now)}", place.direction.impact(wider=True))
        elif before:
            impact = place.direction.impact(wider=False)
            yield place.finding(f"may no longer be {_title(before)}", impact)


def _compare_keys(before: _Schema, now: _Schema, place: Place) -> Findings:
    """Compare keys; those of a component are reported once, wherever it is used."""
    old, new, own = before.keys, now.keys, before.own | now.own
    shared = place.component(now.component or before.component)
    inner = place.with_evidence(old, new)
    yield from evidence_changes(place if "x-evidence" in own else shared, inner)
    shared = replace(shared, evidence=inner.evidence)
    for change in differences(old, new, SCHEMA, without=STRUCTURE):
        yield (place if change.key in own else shared).changed(change)
    yield from _compare_enums(old, new, shared)
    yield from _compare_meanings(old, new, shared)
    yield from _compare_fields(old, new, shared)
    yield from compare_schemas(old.get("items", {}), new.get("items", {}), shared.items())
    yield from _compare_other_fields(old, new, shared)


def evidence_changes(place: Place, inner: Place) -> Findings:
    """Yield the change of the evidence of a place, unless it is that of the enclosing element."""
    before, now = inner.evidence
    if inner.evidence != place.evidence and before != now:
        yield place.changed(Difference("evidence", before, now, evidence))


def _compare_enums(old: Node, new: Node, place: Place) -> Findings:
    before, now = old.get("enum", ABSENT), new.get("enum", ABSENT)
    if ABSENT in (before, now):
        if before != now:
            yield place.changed(Difference("enum", before, now, assertion))
        return
    for value in before:
        if value not in now:
            yield place.finding(f"no longer has the value `{value}`", Impact.BREAKING)
    is_open = old.get("x-open") is True or place.direction is Direction.REQUEST
    for value in now:
        if value not in before:
            impact = Impact.ADDITIVE if is_open else Impact.BREAKING
            yield place.finding(f"has the new value `{value}`", impact)
    yield from _compare_names(old, new, place)


def _compare_names(old: Node, new: Node, place: Place) -> Findings:
    """Compare the names of the members of an enum."""
    before, now = (
        dict(zip(node["enum"], node.get("x-enum-varnames", ()), strict=False))
        for node in (old, new)
    )
    for value in before.keys() & new["enum"]:
        if before[value] != now.get(value):
            predicate = f"has another name for the value `{value}`: {now.get(value)}"
            yield place.finding(f"{predicate}, was {before[value]}", Impact.BREAKING)


def _compare_meanings(old: Node, new: Node, place: Place) -> Findings:
    """Compare what the values of an enum mean."""
    before, now = (node.get("x-enum-values", {}) for node in (old, new))
    for value in before.keys() & now.keys():
        was, is_ = ({"x-evidence": "documented", **each[value]} for each in (before, now))
        if was["x-evidence"] != is_["x-evidence"]:
            key = f"evidence of the value `{value}`"
            yield place.changed(Difference(key, was["x-evidence"], is_["x-evidence"], evidence))
        if was["description"] != is_["description"]:
            yield place.finding(f"describes the value `{value}` differently", Impact.WORDING)


def _compare_fields(old: Node, new: Node, place: Place) -> Findings:
    before, now = _fields(old), _fields(new)
    for name in before.keys() - now.keys():
        yield place.field(name).finding("was removed", Impact.BREAKING)
    for name in now.keys() - before.keys():
        is_required = name in new.get("required", ())
        predicate = "is new and required" if is_required else "is new"
        yield place.field(name).finding(predicate, _impact_of_new(old, is_required, place))
    for name in before.keys() & now.keys():
        yield from _compare_presence(old, new, name, place)
        yield from compare_schemas(before[name], now[name], place.field(name))


def _fields(schema: Node) -> Node:
    """Return the properties, with those that are only required."""
    required: Node = {name: {} for name in schema.get("required", ())}
    return {**required, **schema.get("properties", {})}


def _impact_of_new(old: Node, is_required: bool, place: Place) -> Impact:  # noqa: FBT001 - a fact
    if place.direction is Direction.REQUEST:
        return Impact.BREAKING if is_required else Impact.ADDITIVE
    return Impact.BREAKING if old.get("additionalProperties") is False else Impact.ADDITIVE


def _compare_presence(old: Node, new: Node, name: str, place: Place) -> Findings:
    before, now = (name in node.get("required", ()) for node in (old, new))
    if before is not now:
        words = {
            (Direction.REQUEST, True): "is now required",
            (Direction.REQUEST, False): "is now optional",
            (Direction.RESPONSE, True): "is now always present",
            (Direction.RESPONSE, False): "may now be absent",
        }
        impact = place.direction.impact(wider=before)
        yield place.field(name).finding(words[place.direction, now], impact)


def _compare_other_fields(old: Node, new: Node, place: Place) -> Findings:
    """Compare `additionalProperties`: the fields, or the values of a map."""
    before, now = map(_other_fields, (old, new))
    if is_node(before) and is_node(now):
        yield from compare_schemas(before, now, place.items())
    elif before != now:
        allowed = now is True or (before is False and now is not False)
        yield place.finding(
            "may now have other fields" if allowed else "may no longer have other fields",
            place.direction.impact(wider=allowed),
        )


def _other_fields(schema: Node) -> Any:
    others = schema.get("additionalProperties", True)
    return True if others == {} else others


def _title(schema: Node) -> Any:
    """Return what distinguishes an alternative: its component, or its type."""
    return schema.get("$ref") or schema.get("type", "of any type")


def _is_annotation(key: str) -> bool:
    return key in TEXTS or key == "x-evidence"


def _without(node: Node, *keys: str) -> Node:
    return {key: value for key, value in node.items() if key not in keys}
