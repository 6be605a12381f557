"""The checks find nothing in the contract, and each of thirty typical mistakes in it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.changes import changed_contract
from tests.contract.checks import CHECKS, Check
from tests.contract.document import linked_contract
from tests.contract.mutations import MUTATIONS, checks_that_find, main
from website.contract import Json


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_the_contract_passes_the_check(check: Check) -> None:
    """The contract has no errors."""
    assert list(check(linked_contract())) == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_mutation_is_found(name: str) -> None:
    """At least one check finds the mistake."""
    assert next(checks_that_find(name), None)


def test_there_are_thirty_mutations() -> None:
    """Each changes the contract, in a way of its own."""
    mutants = {json.dumps(changed_contract(*changes)) for changes in MUTATIONS.values()}

    assert len(mutants) == len(MUTATIONS) == 30
    assert json.dumps(linked_contract()) not in mutants


def test_the_report_names_the_checks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The score counts the mutations that a check finds, and the others are listed too."""
    first, second = [*MUTATIONS][:2]
    mutations = {name: MUTATIONS[name] for name in (first, second)}
    monkeypatch.setattr("tests.contract.mutations.MUTATIONS", mutations)
    monkeypatch.setattr("tests.contract.mutations.CHECKS", {"nullable": _nullable})
    main(str(tmp_path / "score.json"))

    assert json.loads((tmp_path / "score.json").read_text()) == {
        "score": 1,
        "mutants": [{"name": first, "caught_by": ["nullable"]}, {"name": second, "caught_by": []}],
    }
    assert capsys.readouterr().out.endswith("score 1 of 2\n")


def _nullable(document: Json) -> Iterator[str]:
    if "nullable" in json.dumps(document):
        yield "nullable"
