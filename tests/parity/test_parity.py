"""The list of behaviours agrees with the contract, the sandbox's code and the tests."""

from collections import Counter
from itertools import chain

import pytest

from tests.parity.behaviours import (
    Behaviour,
    assumptions,
    evidence_of,
    marked_tests,
    read_behaviours,
)
from tests.parity.page import PAGE, write_page
from website.contract import contract, operations, webhooks

BEHAVIOURS = read_behaviours()
OF_API = [*chain.from_iterable(each.behaviours for each in BEHAVIOURS.api), *BEHAVIOURS.missing]
KNOWN = [each for each in OF_API if "assumed" not in each.evidence]


def id_of(behaviour: Behaviour) -> str:
    """Return the id of a behaviour, as the id of a test case."""
    return behaviour.id


def test_the_page_is_current() -> None:
    """`nox -s parity` writes docs/parity.md after a change of the list or of a mark."""
    assert PAGE.read_text(encoding="utf-8") == write_page()


def test_ids_are_unique_and_facts_are_sentences() -> None:
    """A fact is one cell of a table."""
    given = [*BEHAVIOURS.verified(), *BEHAVIOURS.missing]

    assert [name for name, count in Counter(each.id for each in given).items() if count > 1] == []
    assert [each for each in given if not each.fact.endswith(".") or "|" in each.fact] == []


def test_each_behaviour_is_verified() -> None:
    """Each behaviour of the sandbox has a marked test, and each mark names one of them."""
    named, marked = {each.id for each in BEHAVIOURS.verified()}, marked_tests().keys()

    assert named - marked == set(), "mark a test of these with @pytest.mark.behaviour"
    assert marked - named == set(), "add these to behaviours.yaml, or correct the marks"


def test_each_behaviour_of_the_api_has_one_kind_of_evidence() -> None:
    """What is not implemented is known; what only the sandbox does has no evidence."""
    kinds = {"documented", "recorded", "assumed"}

    assert [each for each in OF_API if len(each.evidence.keys() & kinds) != 1] == []
    assert [each for each in BEHAVIOURS.missing if each not in KNOWN] == []
    assert [each for own in BEHAVIOURS.own for each in own.behaviours if each.evidence] == []


@pytest.mark.parametrize("behaviour", KNOWN, ids=id_of)
def test_the_evidence_is_that_of_the_contract(behaviour: Behaviour) -> None:
    """Each source exists, and its clauses state the same evidence; quote one of several clauses."""
    ((kind, sources),) = behaviour.evidence.items()
    for source in sources:
        assert evidence_of(contract(), source) == {kind}, source


def test_assumptions_are_those_of_the_code() -> None:
    """The notes `Assumed` in the sandbox's code are the sources of what is assumed."""
    listed = {note.address for each in OF_API for note in each.evidence.get("assumed", [])}

    assert assumptions() == listed


def test_each_operation_has_behaviours() -> None:
    """The sections name the operations and webhooks of the contract."""
    named = {name for section in BEHAVIOURS.api for name in section.operations}

    assert named == {each.name for each in chain(operations(contract()), webhooks(contract()))}
