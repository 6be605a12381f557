"""Thirty faults that a contributor might make in the contract are found, each by some judge."""

import json
from pathlib import Path

import pytest

from tests.contract.document import contract
from tests.contract.judges import JUDGES, Judge
from tests.contract.mutations import MUTATIONS, Mutation, judges_that_find, main, mutant


@pytest.mark.parametrize("judge", JUDGES.values(), ids=JUDGES.keys())
def test_no_judge_finds_anything_in_the_contract(judge: Judge) -> None:
    """A finding tells of the fault, since there is none without it."""
    assert judge(contract()) == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_the_mutation_is_found(mutation: Mutation) -> None:
    """Some judge finds the fault."""
    assert next(judges_that_find(mutation), None), mutation.effect


def test_the_mutations_are_thirty_different_ones() -> None:
    """Each changes the contract, and no two do so in the same way or under the same name."""
    mutants = {json.dumps(mutant(mutation)) for mutation in MUTATIONS}

    assert len(mutants) == len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS) == 30
    assert json.dumps(contract()) not in mutants


def test_the_table_names_who_found_what(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The score counts what was found, and a fault that nobody found is shown as such."""
    monkeypatch.setattr("tests.contract.mutations.MUTATIONS", MUTATIONS[:2])
    monkeypatch.setattr("tests.contract.mutations.JUDGES", {"first": _is_not_nullable})
    main(str(tmp_path / "score.json"))
    first, second = ({"name": mutation.name} for mutation in MUTATIONS[:2])

    assert json.loads((tmp_path / "score.json").read_text()) == {
        "score": 1,
        "mutants": [{**first, "caught_by": ["first"]}, {**second, "caught_by": []}],
    }
    assert capsys.readouterr().out.endswith("score 1 of 2\n")


def _is_not_nullable(document: object) -> list[str]:
    return ["nullable"] if "nullable" in json.dumps(document) else []
