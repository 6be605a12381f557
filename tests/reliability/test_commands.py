"""The measurement of a command that is killed works, in small."""

from tests.reliability.commands import measure_kills


def test_an_import_that_is_killed() -> None:
    """Each row is created once, and the file of rejected rows is exact."""
    outcome = measure_kills(rows=1000, kills=3, seed=1)

    assert (outcome.lost, outcome.doubled, outcome.wrong_rejects) == (0, 0, 0)
    assert outcome.kills
    counts = [outcome.record[name] for name in ("created", "rejected", "duplicates")]
    assert counts == [977, 12, 11]
