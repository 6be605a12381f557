from pathlib import Path

import pytest

from tests.sandbox.server.crash import kill_under_load


@pytest.mark.behaviour("state.kill")
def test_acknowledged_creations_survive_a_kill(tmp_path: Path) -> None:
    """However suddenly the process ends."""
    outcome = kill_under_load(tmp_path / "sandbox.sqlite3", [5, 40, 90])

    assert outcome.acknowledged >= 135
    assert outcome.lost == 0
