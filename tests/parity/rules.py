"""
What keeps the list of behaviours honest.

Each rule takes the list and all that it speaks of, and yields one finding per violation: where,
what is wrong, and what to do.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from tests.contract.document import Json, contract, operations, webhooks
from tests.parity.behaviours import Behaviour, Behaviours, Section, read_behaviours
from tests.parity.notes import all_notes
from tests.parity.sources import Unclear, evidence_of

TESTS = Path(__file__).parents[1]

RULES: dict[str, "Rule"] = {}


class Ground(NamedTuple):
    """The list, and what it stands on."""

    behaviours: Behaviours
    contract: Json
    notes: list[str]
    tests: frozenset[str]


Rule = Callable[[Ground], Iterator[str]]


@cache
def ground() -> Ground:
    """Read everything, once."""
    return Ground(read_behaviours(), contract(), all_notes(), frozenset(all_tests()))


def all_tests() -> Iterator[str]:
    """Name each test as pytest does from the folder of all tests, without its parameters."""
    for path in TESTS.rglob("test_*.py"):
        file = path.relative_to(TESTS).as_posix()
        for name in find_tests(path.read_text(encoding="utf-8")):
            yield f"{file}::{name}"


def find_tests(code: str) -> Iterator[str]:
    """Name the tests of one module."""
    for statement in ast.parse(code).body:
        match statement:
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) if name.startswith("test_"):
                yield name
            case _:
                pass


def _in(sections: list[Section]) -> Iterator[Behaviour]:
    return chain.from_iterable(section.behaviours for section in sections)


def _all(given: Behaviours) -> Iterator[Behaviour]:
    return chain(_in(given.api), given.missing, _in(given.own))


def rule(check: Rule) -> Rule:
    """Register a rule."""
    RULES[check.__name__] = check
    return check


@rule
def facts_are_sentences_told_once(given: Ground) -> Iterator[str]:
    """Each fact is a line that ends with a full stop, and nothing is told twice of the same."""
    for behaviour in _all(given.behaviours):
        if not behaviour.fact.endswith(".") or {"|", "\n"} & set(behaviour.fact):
            yield f"{behaviour.fact!r} is no sentence of a table; write one"
    for section in (*given.behaviours.api, *given.behaviours.own):
        for fact, count in Counter(each.fact for each in section.behaviours).items():
            if count > 1:
                yield f"{fact!r} is told {count} times; tell it once"


@rule
def behaviours_of_the_api_have_one_evidence(given: Ground) -> Iterator[str]:
    """What the API does rests on one thing; what only the sandbox does rests on nothing."""
    for behaviour in chain(_in(given.behaviours.api), given.behaviours.missing):
        if len(behaviour.evidence) != 1:
            yield f"{behaviour.fact!r} has {len(behaviour.evidence)} kinds of evidence; give one"
    for behaviour in given.behaviours.missing:
        if "assumed" in behaviour.evidence:
            yield f"{behaviour.fact!r} is missing by assumption; only what is known can be missing"
    for behaviour in _in(given.behaviours.own):
        if behaviour.evidence:
            yield f"{behaviour.fact!r} is the sandbox's own, but has evidence; remove it"


@rule
def what_the_sandbox_does_is_held(given: Ground) -> Iterator[str]:
    """Each behaviour that there is has a test."""
    for behaviour in chain(_in(given.behaviours.api), _in(given.behaviours.own)):
        if not behaviour.held_by:
            yield f"{behaviour.fact!r} is held by no test; name one, or write it"


@rule
def tests_exist(given: Ground) -> Iterator[str]:
    """Every test that is named can be run."""
    for behaviour in _all(given.behaviours):
        for test in behaviour.held_by:
            if test not in given.tests:
                yield f"{test} is no test; name the one that holds {behaviour.fact!r}"


@rule
def notes_are_told(given: Ground) -> Iterator[str]:
    """What the code assumes is told as assumed."""
    told = {note for behaviour in _in(given.behaviours.api) for note in behaviour.notes}
    for note in sorted(set(given.notes) - told):
        yield f"the sandbox assumes something at {note}, which no behaviour tells; add one"


@rule
def notes_exist(given: Ground) -> Iterator[str]:
    """What is told as assumed is called so in the code, and one place has one note."""
    for behaviour in _in(given.behaviours.api):
        for note in behaviour.notes:
            if note not in given.notes:
                yield f"{note} has no note `Assumed`; write there what {behaviour.fact!r} says"
    for note, count in Counter(given.notes).items():
        if count > 1:
            yield f"{note} has {count} notes `Assumed`; make one of them"


@rule
def evidence_is_the_contracts(given: Ground) -> Iterator[str]:
    """What is called documented or recorded is so in the contract, at the place that is named."""
    for behaviour in chain(_in(given.behaviours.api), given.behaviours.missing):
        for source in behaviour.sources:
            try:
                found = evidence_of(given.contract, source)
            except Unclear as unclear:
                yield str(unclear)
            except LookupError:
                yield f"{source} is not in the contract; say where {behaviour.fact!r} stands"
            else:
                if found not in behaviour.evidence:
                    yield f"{source} is {found}; say the same of {behaviour.fact!r}"


@rule
def every_operation_has_behaviours(given: Ground) -> Iterator[str]:
    """Every operation and webhook is told of, and no other."""
    known = {each.name for each in chain(operations(given.contract), webhooks(given.contract))}
    told = {name for section in given.behaviours.api for name in section.operations}
    for name in sorted(known - told):
        yield f"{name} has no behaviours of its own; add some"
    for name in sorted(told - known):
        yield f"{name} is no operation of the contract; correct it"
