"""The report on conformance that lies there is whole, good, and of this contract."""

from tests.fuzz.finds import read_finds
from tests.fuzz.report import PAGE, judge
from trackingmore_v2_api import OPERATIONS


def test_the_report_is_a_good_one() -> None:
    """Every operation on both sides, no failure, no survivor, a million inputs, and every find."""
    assert judge(PAGE.read_text(encoding="utf-8"), sorted(OPERATIONS), read_finds()) == []
