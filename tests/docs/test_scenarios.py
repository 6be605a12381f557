"""Every number that the page on scenario numbers shows does what the page says."""

import re
from inspect import cleandoc

import pytest

from tests.docs.pages import blocks, page
from trackingmore_v2_sandbox import scenarios
from trackingmore_v2_sandbox.faults.instructions import Code, Delay, Status, Truncated
from trackingmore_v2_sandbox.scenarios.airports import AIRLINES
from trackingmore_v2_sandbox.scenarios.flights import plan_flights
from trackingmore_v2_sandbox.scenarios.journey import report_at
from trackingmore_v2_sandbox.scenarios.number_faults import air_waybill_failure_of, failure_of
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.program import Failure
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS

PAGE = page("scenarios.md")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 24 * 3600}
CREATED_AT = 1_800_000_000
FAILURES = {
    "SANDBOX-FAIL-4016": Failure(Code(4016)),
    "SANDBOX-FAIL-4017-ON-DELETE": Failure(Code(4017), on="DELETE"),
    "SANDBOX-FAIL-4031-ON-GET": Failure(Code(4031), "GET"),
    "SANDBOX-HTTP-503-ON-GET-TRANSIT-1H-DELIVERED": Failure(Status(503), on="GET"),
    "SANDBOX-SLOW-5S-DELIVERED": Failure(Delay(5)),
    "SANDBOX-BROKEN-JSON-ON-CREATE": Failure(Truncated(), on="CREATE"),
    "SANDBOX-DELIVERD": Failure(Code(4014)),
}
AIR_WAYBILL_FAILURES = {
    "618-12345675": None,
    "172-00000000": None,
    "172-28891935": None,
    "000-0004014": Failure(Code(4014)),
    "000-1000503": Failure(Status(503)),
    "000-2000005": Failure(Delay(5)),
    "000-3000000": Failure(Truncated()),
}


def rows(section: str) -> dict[str, str]:
    """Return the numbers of a section's table, and what is said of them."""
    return dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", SECTIONS[section], re.MULTILINE))


@pytest.mark.parametrize(("number", "described"), rows("Journeys").items())
def test_a_journey_is_as_described(number: str, described: str) -> None:
    """The states come in that order, with those delays, and the last one stays."""
    journey = plan_journey(CARRIERS["china-ems"], number, CREATED_AT)
    at = CREATED_AT
    polls = list(journey.poll_times or ())
    for before, name in re.findall(r"([^`]*)`(\w+)`", described):
        wait = re.search(r"(\d+) (s|min|h|day)s? later|for (\d+) (h)", before)
        if wait:
            amount, unit = filter(None, wait.groups())
            at += int(amount) * SECONDS[unit]
        state = report_at(journey, polls.pop(0))
        assert name == (state.substatus or state.status)
        assert report_at(journey, at) == state
    assert polls == []
    assert report_at(journey, at + 100 * SECONDS["day"]) == state


def test_further_statements() -> None:
    """The legs and checkpoints of journeys on the page."""
    china_ems = CARRIERS["china-ems"]
    since, to = (number for number in rows("Journeys") if "SINCE" in number or "TO-US" in number)
    known = report_at(plan_journey(china_ems, since, CREATED_AT), CREATED_AT)
    abroad = plan_journey(china_ems, to, CREATED_AT)

    assert [checkpoint.at - CREATED_AT for checkpoint in known.checkpoints] == [
        -36 * 3600,
        -12 * 3600,
    ]
    assert abroad.destination_carrier == "usps"
    assert plan_journey(china_ems, "SANDBOX-PENDING", CREATED_AT).poll_times == ()


def test_failures_are_as_the_page_says() -> None:
    """Each number of the table, and no other, is one of those above."""
    assert {number: failure_of(number) for number in rows("Failures")} == FAILURES


def test_air_waybills_are_as_the_page_says() -> None:
    """Each number of the table, and no other, is one of those above; one of them flies."""
    described = rows("Air waybills")

    assert {number: air_waybill_failure_of(number) for number in described} == AIR_WAYBILL_FAILURES
    assert [number for number in described if plan_flights(number, CREATED_AT)] == ["618-12345675"]


def test_the_grammar_is_the_one_of_the_code() -> None:
    """The page repeats it, word for word."""
    (grammar,) = [each.text for each in blocks("scenarios.md") if each.section == "The grammar"]
    code = re.sub(r"^ {4}", "", cleandoc(scenarios.__doc__ or ""), flags=re.MULTILINE)

    assert f"\n\n{grammar}\n" in code


def test_no_number_of_the_page_is_left_out() -> None:
    """All scenario numbers stand in a table, in the example, or are tested by name."""
    shown = set(re.findall(r"SANDBOX-[\w-]*\w", PAGE.partition("## The grammar")[0]))
    tested = {*rows("Journeys"), *rows("Failures"), "SANDBOX-DELIVERED003", "SANDBOX-PENDING"}

    assert shown == tested


def test_the_number_of_airlines() -> None:
    """As many as the sandbox knows."""
    assert f"\n{len(AIRLINES)} airline prefixes are supported." in PAGE
