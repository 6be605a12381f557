"""Comparison of two operations: requests, responses, and what the contract states of them."""

from collections.abc import Generator
from dataclasses import replace

from release.changes import Impact
from release.contract_diff.document import Node, Operation
from release.contract_diff.places import Finding, Place, finding
from release.contract_diff.rules import (
    MEDIA,
    OPERATION,
    PARAMETER,
    TEXTS,
    Difference,
    Direction,
    Rules,
    differences,
    evidence,
)
from release.contract_diff.schemas import Findings, compare_schemas, evidence_changes

_STRUCTURE = ("operationId", "parameters", "requestBody", "responses", "x-evidence")
_PARTS = ("name", "in", "required", "schema", "content", "headers", "x-evidence")
_NESTED = ("x-batch", "x-pagination")
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def compare_operation(old: Operation, new: Operation) -> Findings:
    """Yield the changes of one operation or webhook."""
    if (old.method, old.path) != (new.method, new.path):
        moved = f"is now {new.method.upper()} {new.path}, was {old.method.upper()} {old.path}"
        yield Finding(new.name, moved, Impact.BREAKING)
    if old.name != new.name:
        renamed = f"operationId is now {new.name}, was {old.name}"
        yield Finding(new.name, renamed, Impact.BREAKING)
    request = _request(new, old)
    yield from _compare_facts(old.node, new.node, request)
    yield from _compare_parameters(old.node, new.node, request)
    yield from _compare_bodies(old.node, new.node, request)
    yield from _compare_responses(old.node, new.node, _response(new, request))


def _request(operation: Operation, old: Operation) -> Place:
    """Return the place of the request, which a webhook's receiver does not send but gets."""
    place = Place(operation.name, Direction.REQUEST, "request body")
    if operation.is_webhook:
        place = replace(place, noun="webhook body", direction=Direction.RESPONSE)
    return place.with_evidence(old.node, operation.node)


def _response(operation: Operation, request: Place) -> Place:
    if operation.is_webhook:
        return replace(request, noun="webhook response", direction=Direction.REQUEST)
    return replace(request, noun="response", direction=Direction.RESPONSE)


def _compare_facts(old: Node, new: Node, request: Place) -> Findings:
    name, pair = request.operation, request.evidence
    if pair[0] != pair[1]:
        yield finding(name, "evidence", Difference("x-evidence", *pair, evidence))
    for change in differences(_flat(old), _flat(new), OPERATION, without=_STRUCTURE):
        yield finding(name, change.key, change)


def _flat(operation: Node) -> Node:
    """Return an operation with the facts in its extensions as keys of their own."""
    flat = {key: value for key, value in operation.items() if key not in _NESTED}
    for name in _NESTED:
        given = operation.get(name, {})
        flat |= {f"{name} {key}": value for key, value in given.items()}
        if given:
            flat.setdefault(f"{name} evidence", "documented")
    return flat


def _compare_parameters(old: Node, new: Node, request: Place) -> Findings:
    before, now = _parameters(old), _parameters(new)
    for kind, name in sorted(before.keys() | now.keys()):
        place = replace(request, noun=f"{kind} parameter", path=name)
        given, wanted = before.get((kind, name)), now.get((kind, name))
        if wanted is None:
            yield place.finding("was removed", Impact.BREAKING)
        elif given is None:
            yield _new(wanted, place)
        else:
            yield from _compare_parameter(given, wanted, place)


def _new(node: Node, place: Place) -> Finding:
    """Return the addition of a parameter or of a body, which may have to be sent."""
    if node.get("required") and place.direction is Direction.REQUEST:
        return place.finding("is new and required", Impact.BREAKING)
    return place.finding("is new", Impact.ADDITIVE)


def _parameters(operation: Node) -> dict[tuple[str, str], Node]:
    """Return the parameters by kind and name, with the defaults of OpenAPI; later ones win."""
    return {(each["in"], each["name"]): _with_defaults(each) for each in operation["parameters"]}


def _with_defaults(parameter: Node) -> Node:
    style = parameter.get("style", _STYLES[parameter["in"]])
    return {"required": False, "explode": style == "form", **parameter, "style": style}


def _compare_parameter(old: Node, new: Node, place: Place) -> Findings:
    place = yield from _compare_element(old, new, place, PARAMETER)
    yield from _compare_required(old, new, place)
    yield from compare_schemas(old.get("schema", {}), new.get("schema", {}), place)
    yield from _compare_media(old, new, place)


def _compare_bodies(old: Node, new: Node, place: Place) -> Findings:
    before, now = old.get("requestBody"), new.get("requestBody")
    if before and now:
        place = yield from _compare_element(before, now, place, TEXTS)
        yield from _compare_required(before, now, place)
        yield from _compare_media(before, now, place)
    elif before:
        yield place.finding("was removed", Impact.BREAKING)
    elif now:
        yield _new(now, place)


def _compare_required(old: Node, new: Node, place: Place) -> Findings:
    before, now = (node.get("required", False) for node in (old, new))
    if before is not now:
        impact = place.direction.impact(wider=before)
        yield place.finding("is now required" if now else "is now optional", impact)


def _compare_responses(old: Node, new: Node, place: Place) -> Findings:
    before, now = old.get("responses", {}), new.get("responses", {})
    for status in sorted(before.keys() | now.keys()):
        at = replace(place, noun=f"{place.noun} {status}")
        if status not in now:
            yield at.finding("was removed", Impact.BREAKING)
        elif status not in before:
            wider = place.direction.impact(wider=True)
            yield at.finding("is new", Impact.ADDITIVE if "default" in before else wider)
        else:
            inner = yield from _compare_element(before[status], now[status], at, TEXTS)
            yield from _compare_headers(before[status], now[status], inner)
            yield from _compare_media(before[status], now[status], inner)


def _compare_headers(old: Node, new: Node, place: Place) -> Findings:
    before, now = old.get("headers", {}), new.get("headers", {})
    for name in sorted(before.keys() | now.keys()):
        at = replace(place, noun="response header", path=name)
        if name not in now:
            yield at.finding("was removed", Impact.BREAKING)
        elif name not in before:
            yield at.finding("is new", Impact.ADDITIVE)
        else:
            yield from _compare_parameter(before[name], now[name], at)


def _compare_media(old: Node, new: Node, place: Place) -> Findings:
    """Compare the bodies of each media type."""
    before, now = old.get("content", {}), new.get("content", {})
    for kind in sorted(before.keys() - now.keys()):
        yield place.finding(f"no longer has the media type {kind}", Impact.BREAKING)
    for kind in sorted(now.keys() - before.keys()):
        yield place.finding(f"has the new media type {kind}", Impact.ADDITIVE)
    for kind in sorted(before.keys() & now.keys()):
        inner = yield from _compare_element(before[kind], now[kind], place, MEDIA)
        yield from compare_schemas(
            before[kind].get("schema", {}), now[kind].get("schema", {}), inner
        )


def _compare_element(
    old: Node, new: Node, place: Place, rules: Rules
) -> Generator[Finding, None, Place]:
    """Yield the changes of what stands beside schemas; return the place with its evidence."""
    inner = place.with_evidence(old, new)
    yield from evidence_changes(place, inner)
    for change in differences(old, new, rules, without=_PARTS):
        yield place.changed(change)
    return inner
