"""The page about parity is what its list says, and the list keeps its rules."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from tests.contract.document import at
from tests.parity import rules
from tests.parity.behaviours import Behaviour, Section, read_behaviours
from tests.parity.notes import find_notes
from tests.parity.rules import RULES, Ground, Rule, find_tests, ground
from tests.parity.sources import locate
from tests.parity.table import PAGE, write_page

CODE = '''
"""A module. Assumed: one."""

import os

LIMIT = 4
"""So many. Assumed: two."""

if os:
    def inner() -> None:
        """Three (assumed)."""

class Thing:
    kind: str = "assumed"
    """Assumed: four."""

    def act(self) -> None:
        """Unassumed."""
        # Assumed: five.
        return None
'''
TESTS = """
def test_one() -> None: ...
async def test_two() -> None: ...
def helper() -> None: ...
class Thing:
    def test_three(self) -> None: ...
"""
NEW = Behaviour("It is new.", documented="createTracking.x-rate-limit", tests="a.py::test_b")

Change = Callable[[Ground], Ground]


@dataclass(frozen=True)
class Fault:
    """A change to what stands, the rule that must find it, and a part of its finding."""

    rule: Rule
    finding: str
    change: Change


def put(**fields: Any) -> Change:
    """Add a behaviour of the API to the list."""
    return _with("api", [Section("New", [replace(NEW, **fields)])])


def own(**fields: Any) -> Change:
    """Add a behaviour of the sandbox to the list."""
    return _with("own", [Section("New", [replace(NEW, **fields)])])


def missing(**fields: Any) -> Change:
    """Add something that the sandbox does not do."""
    return _with("missing", [replace(NEW, tests=[], **fields)])


def _with(part: str, more: list[Any]) -> Change:
    def change(given: Ground) -> Ground:
        behaviours = given.behaviours
        changed = replace(behaviours, **{part: [*getattr(behaviours, part), *more]})
        return given._replace(behaviours=changed)

    return change


def without_section(heading: str) -> Change:
    """Take a section away."""

    def change(given: Ground) -> Ground:
        rest = [each for each in given.behaviours.api if each.heading != heading]
        return given._replace(behaviours=replace(given.behaviours, api=rest))

    return change


def in_contract(address: str, key: str, to: str) -> Change:
    """Write something else into the contract."""

    def change(given: Ground) -> Ground:
        document = copy.deepcopy(given.contract)
        at(document, locate(document, address))[key] = to
        return given._replace(contract=document)

    return change


FAULTS = [
    Fault(rules.facts_are_sentences_told_once, "no sentence", put(fact="New")),
    Fault(rules.facts_are_sentences_told_once, "no sentence", missing(fact="A | b.")),
    Fault(
        rules.facts_are_sentences_told_once, "2 times", _with("own", [Section("New", [NEW, NEW])])
    ),
    Fault(rules.behaviours_of_the_api_have_one_evidence, "has 0 kinds", put(documented=None)),
    Fault(rules.behaviours_of_the_api_have_one_evidence, "has 2 kinds", put(assumed="quota")),
    Fault(rules.behaviours_of_the_api_have_one_evidence, "the sandbox's own", own()),
    Fault(
        rules.behaviours_of_the_api_have_one_evidence,
        "missing by assumption",
        missing(documented=None, assumed="quota"),
    ),
    Fault(rules.what_the_sandbox_does_is_held, "held by no test", put(tests=[])),
    Fault(rules.what_the_sandbox_does_is_held, "held by no test", own(tests=[])),
    Fault(rules.tests_exist, "a.py::test_b is no test", put()),
    Fault(rules.tests_exist, "a.py::test_b is no test", own(documented=None)),
    Fault(
        rules.tests_exist,
        "sandbox/test_create.py::test_the_id_survives_deletion is no test",
        lambda given: given._replace(
            tests=given.tests - {"sandbox/test_create.py::test_the_id_survives_deletion"}
        ),
    ),
    Fault(
        rules.notes_are_told,
        "at quota:new",
        lambda given: given._replace(notes=[*given.notes, "quota:new"]),
    ),
    Fault(rules.notes_are_told, "at http.routing:Routes", without_section("All requests")),
    Fault(rules.notes_exist, "quota:new has no note", put(documented=None, assumed="quota:new")),
    Fault(
        rules.notes_exist,
        "core.quota:shortage has 2 notes",
        lambda given: given._replace(notes=[*given.notes, "core.quota:shortage"]),
    ),
    Fault(
        rules.notes_exist,
        "http.routing:Routes has no note",
        lambda given: given._replace(
            notes=[each for each in given.notes if each != "http.routing:Routes"]
        ),
    ),
    *(
        Fault(rules.evidence_is_the_contracts, "is not in the contract", put(documented=source))
        for source in (
            *("nowhere", "Tracking.nothing", "createTracking.page", "listTrackings.x-batch"),
            *("examples/Nothing", "codes/4000", "Tracking.a.b"),
            {"info": "words that nobody wrote"},
        )
    ),
    *(
        Fault(rules.evidence_is_the_contracts, f"is {found}", put(documented=source))
        for source, found in (
            ("ErrorResponse.data", "recorded"),
            ("UpdateBatchResult.updated", "inferred"),
            ("updateTrackingBatch.x-batch", "inferred"),
            ("examples/TrackingPending", "inferred"),
            ({"listTrackings": "the response is 4031"}, "inferred"),
            ({"listTrackings": "by POST"}, "recorded"),
        )
    ),
    Fault(
        rules.evidence_is_the_contracts,
        "is documented",
        put(documented=None, recorded="Tracking.itemTimeLength"),
    ),
    Fault(rules.evidence_is_the_contracts, "quote one clause", put(documented="Account.phone")),
    Fault(
        rules.evidence_is_the_contracts,
        "Tracking.itemTimeLength', words=None) is inferred",
        in_contract("Tracking.itemTimeLength", "x-evidence", "inferred"),
    ),
    Fault(
        rules.evidence_is_the_contracts,
        "is not in the contract",
        in_contract("deleteTracking", "description", "Something else."),
    ),
    Fault(rules.evidence_is_the_contracts, "is recorded", missing(documented="ErrorResponse.data")),
    Fault(
        rules.every_operation_has_behaviours,
        "changeCarrier has no behaviours",
        without_section("Change the carrier"),
    ),
    Fault(
        rules.every_operation_has_behaviours,
        "trackingUpdated has no behaviours",
        without_section("Webhook"),
    ),
    Fault(
        rules.every_operation_has_behaviours,
        "fly is no operation",
        _with("api", [Section("New", [], ["fly"])]),
    ),
]


def test_the_page_is_what_the_list_says() -> None:
    """Whoever changes the list writes the page anew: `nox -s parity`."""
    assert PAGE.read_text(encoding="utf-8") == write_page(read_behaviours())


def test_the_page_tells_everything() -> None:
    """Each fact has its line, with its evidence and the tests that hold it."""
    behaviours = read_behaviours()
    lines = write_page(behaviours).splitlines()
    told = [each for section in behaviours.api for each in section.behaviours]
    ours = [each for section in behaviours.own for each in section.behaviours]

    for each in (*told, *behaviours.missing, *ours):
        told_of = " | ".join(
            filter(None, (each.fact, *each.evidence, ", ".join(f"`{t}`" for t in each.held_by)))
        )
        assert f"| {told_of} |" in lines


@pytest.mark.parametrize("name", RULES)
def test_the_list_keeps_the_rule(name: str) -> None:
    """No rule finds anything."""
    findings = list(RULES[name](ground()))

    assert findings == [], "\n".join(findings)


@pytest.mark.parametrize(
    "fault", FAULTS, ids=lambda fault: f"{fault.rule.__name__}-{fault.finding}"
)
def test_the_rule_finds_the_planted_fault(fault: Fault) -> None:
    """A planted fault causes its finding."""
    findings = list(fault.rule(fault.change(ground())))

    assert any(fault.finding in finding for finding in findings), findings


def test_every_rule_has_a_planted_fault() -> None:
    """No rule is trusted that was never seen to find something."""
    assert set(RULES.values()) == {fault.rule for fault in FAULTS}


def test_notes_are_found_wherever_they_stand() -> None:
    """In what describes a module, a class, a function or a name, and in comments."""
    assert sorted(find_notes("m", CODE)) == [
        "m",
        "m:LIMIT",
        "m:Thing.act",
        "m:Thing.kind",
        "m:inner",
    ]


def test_tests_are_those_that_pytest_runs() -> None:
    """Functions by their name, awaited or not, at the top of a module."""
    assert list(find_tests(TESTS)) == ["test_one", "test_two"]
