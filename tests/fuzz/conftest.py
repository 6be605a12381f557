"""Writes down, at the end of a run that is to be recorded, how many cases were tried."""

import json
import os

from tests.fuzz.plan import PLAN, TRIED


def pytest_sessionfinish() -> None:
    """Write the counts of this process, which may be one of several workers."""
    if PLAN.record and TRIED.counts:
        PLAN.record.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps([*key, cases]) for key, cases in sorted(TRIED.counts.items())]
        path = PLAN.record / f"tried-{os.getpid()}.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
