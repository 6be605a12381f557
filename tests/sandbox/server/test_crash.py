from pathlib import Path

import pytest

from tests.sandbox.server.crash import kill_under_load


@pytest.mark.behaviour("state.kill")
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """However suddenly the process ends, no parcel whose creation was answered is lost."""
    outcome = kill_under_load(tmp_path / "sandbox.sqlite3", [5, 40, 90])

    assert outcome.acknowledged >= 135
    assert outcome.lost == 0
