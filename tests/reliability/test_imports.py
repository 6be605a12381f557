"""The measurement of imports that are killed works, in small."""

from tests.reliability.imports import measure_kills


def test_an_import_that_is_killed() -> None:
    """Nothing is lost or doubled, whatever the moments are."""
    outcome = measure_kills("SQLite", kills=3, seed=1, rows=200)

    assert (outcome.lost, outcome.doubled, outcome.kills) == (0, 0, 3)
    assert outcome.extra <= 3
