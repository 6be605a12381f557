"""Comparison of two contracts, with equal changes of several operations in one sentence."""

from collections.abc import Iterator
from typing import Final

from release.changes import Change, Impact
from release.contract_diff.document import Node, Operation, operations
from release.contract_diff.operations import compare_operation
from release.contract_diff.places import Finding, finding
from release.contract_diff.rules import CODE, DOCUMENT, SCHEME, TEXTS, Rules, differences
from release.contract_diff.schemas import Findings

_STRUCTURE: Final = ("paths", "webhooks", "components", "servers", "security", "x-meta-codes")
_NAMED: Final = 4
"""Operations that a sentence names; of more it states the number."""


def compare(old: Node, new: Node) -> list[Change]:
    """Return the changes between two contracts."""
    before, now = operations(old), operations(new)
    found: dict[tuple[str, Impact], list[str]] = {}
    for each in [*_compare_documents(old, new), *_compare_operations(before, now)]:
        names = found.setdefault((each.text, each.impact), [])
        if each.operation and each.operation not in names:
            names.append(each.operation)
    total = sum(not each.is_webhook for each in now.values())
    return [
        Change(f"{_subject(names, total)}{text}", impact) for (text, impact), names in found.items()
    ]


def _subject(names: list[str], total: int) -> str:
    if not names:
        return ""
    if len(names) <= _NAMED:
        return f"{', '.join(names)}: "
    return "every operation: " if len(names) == total else f"{len(names)} operations: "


def _compare_operations(old: dict[str, Operation], new: dict[str, Operation]) -> Findings:
    places = {(each.method, each.path): each for each in new.values() if each.name not in old}
    for name, before in old.items():
        now = new.get(name) or places.pop((before.method, before.path), None)
        if now is None:
            yield Finding(name, "the operation was removed", Impact.BREAKING)
        else:
            yield from compare_operation(before, now)
    for added in places.values():
        yield Finding(added.name, "the operation is new", Impact.ADDITIVE)


def _compare_documents(old: Node, new: Node) -> Findings:
    """Yield the changes of what stands outside of operations."""
    for change in differences(old, new, DOCUMENT, without=_STRUCTURE):
        yield finding(None, change.key, change)
    yield from _compare_servers(old, new)
    for part, rules, before, now in (
        ("meta code", CODE, _codes(old), _codes(new)),
        ("server", TEXTS, _servers(old), _servers(new)),
        ("security scheme", SCHEME, _schemes(old), _schemes(new)),
    ):
        yield from _compare_named(part, rules, before, now)


def _compare_named(part: str, rules: Rules, old: Node, new: Node) -> Findings:
    """Compare objects that have a name in the document."""
    for name in old.keys() - new.keys():
        yield Finding(None, f"{part} {name} was removed", Impact.BREAKING)
    for name in new.keys() - old.keys():
        yield Finding(None, f"{part} {name} is new", Impact.ADDITIVE)
    for name in old.keys() & new.keys():
        for change in differences(old[name], new[name], rules):
            yield finding(None, f"{change.key} of {part} {name}", change)


def _compare_servers(old: Node, new: Node) -> Iterator[Finding]:
    """Compare the first server, which clients use by default."""
    before, now = (next(iter(_servers(each)), None) for each in (old, new))
    if before != now and before in _servers(new):
        yield Finding(None, f"the first server is now {now}, was {before}", Impact.BREAKING)


def _codes(document: Node) -> Node:
    default = {"x-evidence": "documented"}
    return {each["code"]: {**default, **each} for each in document.get("x-meta-codes", ())}


def _servers(document: Node) -> Node:
    return {each["url"]: each for each in document.get("servers", ())}


def _schemes(document: Node) -> Node:
    schemes: Node = document.get("components", {}).get("securitySchemes", {})
    return schemes
