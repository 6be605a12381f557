"""The behaviours of the sandbox, their evidence in the contract, and the tests that verify them."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from website.contract import Json, at, load, operations, placed_parameters, pointer, webhooks

TESTS = Path(__file__).parents[1]
BEHAVIOURS = Path(__file__).with_name("behaviours.yaml")
SANDBOX = TESTS.parent / "sandbox" / "trackingmore_v2_sandbox"

_ASSUMED = re.compile(r"\bassumed\b", re.IGNORECASE)
_INFERRED = re.compile(r"\b(?:inferred|(?:is|are) unknown|could not be read)\b", re.IGNORECASE)
_RECORDED = re.compile(r"\b(?:recorded|recordings)\b", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"\n\s*\n|\n(?=\|)")
_CLAUSES = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\"])|;\s+")


class Source(NamedTuple):
    """A place in the contract or in the sandbox's code, and words of the clause meant there."""

    address: str
    words: str | None = None


class Behaviour(NamedTuple):
    """One behaviour of the API or of the sandbox."""

    id: str
    fact: str
    evidence: dict[str, list[Source]]
    """Sources of `documented`, `recorded` or `assumed`; empty if only the sandbox has it."""


class Section(NamedTuple):
    """The behaviours of one subject."""

    heading: str
    operations: list[str]
    behaviours: list[Behaviour]


class Behaviours(NamedTuple):
    """The whole list."""

    api: list[Section]
    missing: list[Behaviour]
    own: list[Section]

    def verified(self) -> Iterator[Behaviour]:
        """Yield each behaviour that the sandbox has."""
        return chain.from_iterable(section.behaviours for section in (*self.api, *self.own))


def read_behaviours() -> Behaviours:
    """Return the list of `behaviours.yaml`."""
    document = load(BEHAVIOURS.read_text(encoding="utf-8"))
    return Behaviours(
        [_section(each) for each in document["api"]],
        [_behaviour(each) for each in document["missing"]],
        [_section(each) for each in document["own"]],
    )


def _section(given: Json) -> Section:
    behaviours = [_behaviour(each) for each in given["behaviours"]]
    return Section(given["heading"], given.get("operations", []), behaviours)


def _behaviour(given: Json) -> Behaviour:
    (name, fact), *evidence = given.items()
    return Behaviour(name, fact, {kind: _sources(value) for kind, value in evidence})


def _sources(given: Any) -> list[Source]:
    if isinstance(given, dict):
        return [Source(address, words) for address, words in given.items()]
    return [Source(address) for address in ([given] if isinstance(given, str) else given)]


def marked_tests() -> dict[str, list[str]]:
    """Return the tests marked with each behaviour, named relative to the folder `tests`."""
    found = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        tests: list[Any] = ast.parse(path.read_text(encoding="utf-8")).body
        for test in tests:
            for mark in getattr(test, "decorator_list", []):
                if ast.unparse(mark).startswith("pytest.mark.behaviour("):
                    place = f"{path.relative_to(TESTS).as_posix()}::{test.name}"
                    for name in map(ast.literal_eval, mark.args):
                        found[name].append(place)
    return found


def assumptions() -> set[str]:
    """Return the place of each note `Assumed` in the sandbox's code: `api.listing:page`."""
    found = set()
    for path in SANDBOX.rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        module = ".".join(path.relative_to(SANDBOX).with_suffix("").parts)
        for line, text in enumerate(code.splitlines(), 1):
            if _ASSUMED.search(text):
                name = _name_at(ast.parse(code), line)
                found.add(f"{module}:{'.'.join(name)}" if name else module)
    return found


def _name_at(scope: ast.AST, line: int) -> list[str]:
    """Return the names of the scopes around a line, and of the variable that it describes."""
    variable: list[str] = []
    for node in getattr(scope, "body", []):
        if node.lineno <= line <= node.end_lineno:
            if isinstance(node, ast.Expr):
                return variable
            named = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            return [*([node.name] if named else []), *_name_at(node, line)]
        target = getattr(node, "target", None) or (getattr(node, "targets", None) or [None])[0]
        variable = [target.id] if isinstance(target, ast.Name) else []
    return []


def locate(contract: Json, address: str) -> str:
    """
    Return the JSON pointer of an address.

    That is `info`; an operation, its parameter or extension: `listTrackings.page`,
    `listTrackings.x-pagination`; a schema or its property: `Tracking.title`; or
    `examples/NoResult`, `codes/4016`.
    """
    head, _, part = address.partition(".")
    kind, _, name = head.partition("/")
    if kind == "codes":
        codes = [str(entry["code"]) for entry in contract["x-meta-codes"]]
        return pointer("#/x-meta-codes", codes.index(name))
    if kind == "examples":
        return pointer("#/components/examples", name)
    for operation in chain(operations(contract), webhooks(contract)):
        if operation.name == head:
            places = {each["name"]: place for place, each in placed_parameters(contract, operation)}
            extension = [part] if part.startswith("x-") else []
            return places[part] if part and not extension else pointer(operation.where, *extension)
    where = "#/info" if head == "info" else pointer("#/components/schemas", head)
    return pointer(where, "properties", part) if part else where


def evidence_of(contract: Json, source: Source) -> set[str]:
    """
    Return the evidence that the contract states at a source; one element if it is unambiguous.

    A clause that mentions recordings or an inference counts for itself; otherwise the nearest
    `x-evidence` counts.
    """
    where = locate(contract, source.address)
    node = at(contract, where)
    texts = [node.get(key, "") for key in ("summary", "description")]
    paragraphs = [" ".join(each.split()) for text in texts for each in _PARAGRAPHS.split(text)]
    clauses = [each for text in paragraphs for each in _CLAUSES.split(text) if each] or [""]
    quoted = [each for each in clauses if (source.words or "") in each]
    return {_evidence_of_clause(each, _nearest_evidence(contract, where)) for each in quoted}


def _evidence_of_clause(clause: str, default: str) -> str:
    if _INFERRED.search(clause):
        return "inferred"
    return "recorded" if _RECORDED.search(clause) else default


def _nearest_evidence(contract: Json, where: str) -> str:
    while where != "#":
        node = at(contract, where)
        # Extensions name it `evidence`.
        own = (node.get("x-evidence") or node.get("evidence")) if isinstance(node, dict) else None
        if isinstance(own, str):
            return own
        where = where.rpartition("/")[0]
    return "documented"
