"""Runs of all fuzz tests: what is read of them, and what is left of a failure."""

from pathlib import Path
from typing import Final

from tests.fuzz.report import Cases, Round
from tests.fuzz.rounds import coverage, read_report, read_tried, write_failure

REPORT: Final = """<testsuites><testsuite name="pytest" errors="1" failures="1" tests="3">
<testcase classname="tests.fuzz.test_a" file="tests/fuzz/test_a.py" name="test_x[1-é]" />
<testcase classname="tests.fuzz.test_a.TestB" file="tests/fuzz/test_a.py" name="runTest">
<failure message="short">long</failure></testcase>
<testcase classname="" file="tests/fuzz/test_c.py" name="tests.fuzz.test_c">
<error message="m">no module</error></testcase>
</testsuite></testsuites>"""


def test_failures_are_read_with_their_ids(tmp_path: Path) -> None:
    """Those of classes and those of collection too; without a report there are none."""
    report = tmp_path / "tests.xml"
    report.write_text(REPORT, encoding="utf-8")

    assert read_report(report) == (
        3,
        {"tests/fuzz/test_a.py::TestB::runTest": "long", "tests/fuzz/test_c.py": "no module"},
    )
    assert read_report(tmp_path / "nothing.xml") == (0, {})


def test_a_failure_tells_how_to_see_it_again(tmp_path: Path) -> None:
    """The first line is the command, under the same settings."""
    path = write_failure(tmp_path, {"SEED": "7"}, "tests/fuzz/test_a.py::test_x[a b]", "why")

    assert path.read_text(encoding="utf-8").splitlines() == [
        "SEED=7 python -m pytest 'tests/fuzz/test_a.py::test_x[a b]'",
        "",
        "why",
    ]


def test_what_the_workers_tried_is_added_up(tmp_path: Path) -> None:
    """Kinds of cases and processes are summed, by operation and side."""
    (tmp_path / "tried-1.jsonl").write_text(
        '["getTracking", "client", "valid", 3]\n["getTracking", "client", "broken", 4]\n'
    )
    (tmp_path / "tried-2.jsonl").write_text(
        '["getTracking", "client", "valid", 5]\n["getTracking", "server", "valid", 1]\n'
    )
    tried = read_tried(tmp_path)
    done = Round(seed=1, tests=2, failed=[], cases=tried)

    assert tried == [Cases("getTracking", "client", 12), Cases("getTracking", "server", 1)]
    assert (done.of("getTracking", "client"), done.of("getAccount", "client")) == (12, 0)
    assert done.total == 13
    assert coverage([done, done], ["getTracking"]).splitlines()[1].split() == [
        *("getTracking", "2", "24"),
    ]
