"""What the contract says about a behaviour, and how sure it is of it."""

import re

from tests.contract.document import Json, at, operations, pointer, webhooks
from tests.parity.behaviours import Source

_PARAGRAPHS = re.compile(r"\n\s*\n|\n(?=\|)")
_CLAUSES = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\"])|;\s+")
_DOUBT = re.compile(r"\b(?:inferred|(?:is|are) unknown|could not be read)\b", re.IGNORECASE)
_RECORDED = re.compile(r"\b(?:recorded|recordings)\b", re.IGNORECASE)


class Unclear(LookupError):
    """A source does not say what it is named for."""


def locate(contract: Json, address: str) -> str:
    """
    Return the JSON pointer of an address.

    That is `info`; an operation, or its parameter or extension: `createTracking`,
    `listTrackings.page`, `listTrackings.x-pagination`; a schema or its property: `Tracking`,
    `Tracking.title`; or `examples/NoResult`, `codes/4016`.

    Raises:
        LookupError: There is no such thing.
    """
    head, _, part = address.partition(".")
    kind, _, name = head.partition("/")
    if kind == "examples":
        return pointer("#/components/examples", name)
    if kind == "codes":
        codes = [str(entry["code"]) for entry in contract["x-meta-codes"]]
        return pointer("#/x-meta-codes", _index(codes, name))
    for operation in [*operations(contract), *webhooks(contract)]:
        if operation.name == head:
            return _in_operation(contract, operation.where, part)
    where = "#/info" if head == "info" else pointer("#/components/schemas", head)
    return pointer(where, "properties", part) if part else where


def _in_operation(contract: Json, where: str, part: str) -> str:
    if not part or part.startswith("x-"):
        return pointer(where, part) if part else where
    places = [
        parameter.get("$ref") or pointer(where, "parameters", index)
        for index, parameter in enumerate(at(contract, where).get("parameters", []))
    ]
    return str(places[_index([at(contract, place)["name"] for place in places], part)])


def _index(names: list[str], name: str) -> int:
    if name not in names:
        raise LookupError(name)
    return names.index(name)


def evidence_of(contract: Json, source: Source) -> str:
    """
    Return what the contract says to rest on: `documented`, `recorded` or `inferred`.

    A clause that speaks of inferring or recording counts for itself; else the nearest
    `x-evidence` holds.

    Raises:
        LookupError: The place does not exist, or does not have the words.
        Unclear: The place has several clauses, not all of them equally sure, and none is quoted.
    """
    where = locate(contract, source.address)
    node = at(contract, where)
    clauses = [each for name in ("summary", "description") for each in _split(node.get(name, ""))]
    if source.words is not None:
        clauses = [each for each in clauses if source.words in each]
        if not clauses:
            raise LookupError(source.words)
    usual = _nearest_evidence(contract, where)
    found = {_evidence_of_clause(each, usual) for each in clauses} or {usual}
    if len(found) > 1:
        raise Unclear(f"{source.address} says {' and '.join(sorted(found))}; quote one clause")
    return found.pop()


def _split(text: str) -> list[str]:
    """Cut a text into clauses: at full stops and semicolons."""
    paragraphs = [" ".join(each.split()) for each in _PARAGRAPHS.split(text)]
    return [clause for each in paragraphs for clause in _CLAUSES.split(each) if clause]


def _evidence_of_clause(clause: str, usual: str) -> str:
    if _DOUBT.search(clause):
        return "inferred"
    return "recorded" if _RECORDED.search(clause) else usual


def _nearest_evidence(contract: Json, where: str) -> str:
    while where != "#":
        node = at(contract, where)
        # Of an extension's own value the key is shorter.
        own = (node.get("x-evidence") or node.get("evidence")) if isinstance(node, dict) else None
        if isinstance(own, str):
            return own
        where = where.rpartition("/")[0]
    return "documented"
