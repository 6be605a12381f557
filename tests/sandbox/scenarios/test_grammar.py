"""Scenario numbers; tests/fuzz/test_grammar.py holds what is true of any program."""

import pytest

from trackingmore_v2_api import META_CODES, OPERATIONS, patterns
from trackingmore_v2_sandbox.faults.instructions import (
    Code,
    Delay,
    Empty,
    Html,
    Instruction,
    NotJson,
    Status,
    Truncated,
)
from trackingmore_v2_sandbox.scenarios.airports import AIRLINES
from trackingmore_v2_sandbox.scenarios.grammar import format_program, parse
from trackingmore_v2_sandbox.scenarios.number_faults import air_waybill_failure_of, failure_of
from trackingmore_v2_sandbox.scenarios.program import CALLS, Failure, Program, ScriptedJourney, Step
from trackingmore_v2_sandbox.scenarios.reference_data import COUNTRIES

NO_PROGRAM = Failure(Code(4014))


def test_a_number_is_parsed() -> None:
    """Each part of the grammar has its value."""
    number = "SANDBOX-SLOW-5S-ON-GET-SINCE-2D-TRANSIT001-90M-TO-US-PICKUP-1H-DELIVERED_My-no_1"

    assert parse(number) == Program(
        journey=ScriptedJourney(
            (
                Step("transit001"),
                Step("pickup", after=5400, country="US"),
                Step("delivered", after=3600),
            ),
            since=2 * 24 * 3600,
        ),
        failure=Failure(Delay(5), on="GET"),
        label="MY-NO_1",
    )


@pytest.mark.parametrize(
    ("number", "canonical"),
    [
        ("sandbox-transit", "SANDBOX-TRANSIT"),
        ("Sandbox-Transit-60s-Pickup_a", "SANDBOX-TRANSIT-1M-PICKUP_A"),
        ("SANDBOX-SLOW-7200S", "SANDBOX-SLOW-2H"),
        ("SANDBOX-SINCE-48H-TRANSIT-90M-DELIVERED", "SANDBOX-SINCE-2D-TRANSIT-90M-DELIVERED"),
    ],
)
def test_a_scenario_has_one_canonical_form(number: str, canonical: str) -> None:
    """It is in upper case, and each time has the largest unit that fits."""
    program = parse(number)

    assert program is not None
    assert format_program(program) == canonical
    assert parse(canonical) == program


@pytest.mark.behaviour("scenario.invalid")
@pytest.mark.parametrize(
    "number",
    [
        *("SANDBOX-", "SANDBOX-_x", "SANDBOX-D", "SANDBOX-TRANSIT008", "SANDBOX-TRANSIT_"),
        *(
            "SANDBOX-TRANSIT-",
            "SANDBOX-TRANSIT-DELIVERED",
            "SANDBOX-TRANSIT-1H",
            "SANDBOX--TRANSIT",
        ),
        *("SANDBOX-1H-TRANSIT", "SANDBOX-TRANSIT-0S-PICKUP", "SANDBOX-TRANSIT-01S-PICKUP"),
        *("SANDBOX-TRANSIT-1W-PICKUP", "SANDBOX-TRANSIT-3651D-PICKUP", "SANDBOX-SINCE-1H"),
        *(
            "SANDBOX-TO-US-TRANSIT",
            "SANDBOX-TRANSIT-TO-US-PICKUP",
            "SANDBOX-TRANSIT-1H-TO-XX-PICKUP",
        ),
        "SANDBOX-TRANSIT-1H-TO-US-PICKUP-1H-TO-DE-DELIVERED",
        *("SANDBOX-FAIL-200", "SANDBOX-FAIL-201", "SANDBOX-FAIL-4242", "SANDBOX-FAIL-04016"),
        *(
            "SANDBOX-HTTP-200",
            "SANDBOX-HTTP-299",
            "SANDBOX-HTTP-600",
            "SANDBOX-SLOW",
            "SANDBOX-SLOW-5",
        ),
        *("SANDBOX-BROKEN-XML", "SANDBOX-FAIL-4016-ON-LIST", "SANDBOX-FAIL-4016-ON"),
        *("SANDBOX-FAIL-4016-HTTP-503", "SANDBOX-TRANSIT-FAIL-4016", "SANDBOX-TRANSIT\n"),
        *("SANDBOX-TRANS\u0131T", "SANDBOX-TRANSIT_\u00df", "SANDBOX-TRANSIT-\u0661S-PICKUP"),
        "SANDBOX-TRANSIT_" + 101 * "x",
        "-1S-".join(["SANDBOX-TRANSIT", *100 * ["PICKUP"]]),
        "SANDBOX-TRANSIT-1S-" * 100_000,
    ],
    ids=lambda number: repr(number[:60]),
)
def test_an_invalid_scenario_is_rejected(number: str) -> None:
    """A mistyped scenario is rejected by every call, as it would go unnoticed otherwise."""
    assert parse(number) is None
    assert failure_of(number) == NO_PROGRAM
    assert all(NO_PROGRAM.hits(operation) for operation in OPERATIONS)


@pytest.mark.parametrize(
    "number",
    [
        *("SANDBOX-TRANSIT-10S-PICKUP-3650D-DELIVERED_" + 100 * "x", "SANDBOX-SINCE-3650D-EXPIRED"),
        "-1S-".join(["SANDBOX-TRANSIT", *99 * ["PICKUP"]]),
    ],
    ids=lambda number: number[:30],
)
def test_the_longest_scenarios(number: str) -> None:
    """Up to the limits, a number is a program."""
    assert parse(number) is not None


@pytest.mark.parametrize("number", ["LK664578623CN", "SANDBOX", "SANDBOX1", "XSANDBOX-TRANSIT"])
def test_ordinary_numbers_are_not_scenarios(number: str) -> None:
    """Without the prefix nothing is read, and nothing fails."""
    assert parse(number) is None
    assert failure_of(number) is None


def test_every_error_code_can_be_requested() -> None:
    """Each code of the contract but the two of success."""
    found = {code for code in META_CODES if failure_of(f"SANDBOX-FAIL-{code}") != NO_PROGRAM}

    assert found == {code for code, row in META_CODES.items() if row.exception} - {4014}
    assert failure_of("SANDBOX-FAIL-4016") == Failure(Code(4016))
    assert failure_of("SANDBOX-FAIL-4014") == Failure(Code(4014))


@pytest.mark.parametrize("status", [300, 304, 401, 404, 429, 500, 502, 503, 599])
def test_http_statuses_can_be_requested(status: int) -> None:
    """Each status that is no success, be it known or not."""
    assert failure_of(f"SANDBOX-HTTP-{status}") == Failure(Status(status))


def test_broken_bodies_can_be_requested() -> None:
    """Of four kinds."""
    found = [failure_of(f"SANDBOX-BROKEN-{body}") for body in ("JSON", "HTML", "EMPTY", "GARBAGE")]

    assert found == [
        Failure(Truncated()),
        Failure(Html(200, after=True)),
        Failure(Empty()),
        Failure(NotJson()),
    ]


def test_a_failure_meets_one_call_or_all() -> None:
    """Whether a tracking is alone in a call or in a batch is all the same."""
    once = failure_of("SANDBOX-FAIL-4017-ON-DELETE")
    always = failure_of("SANDBOX-FAIL-4017")

    assert once is not None
    assert always is not None
    assert [name for name in OPERATIONS if once.hits(name)] == [
        name for name in OPERATIONS if name in {"deleteTracking", "deleteTrackingBatch"}
    ]
    assert all(always.hits(name) for name in OPERATIONS)


def test_each_call_on_a_number_has_a_word() -> None:
    """Each operation that names a tracking number belongs to one word; no other operation does."""
    named = [name for names in CALLS.values() for name in names]

    assert len(named) == len(set(named))
    assert set(OPERATIONS) - set(named) == {
        "listTrackings",
        "getAccount",
        "countTrackings",
        "checkRemoteAreas",
        "getTransitTimes",
        "trackAirWaybills",
        "listCarriers",
    }


def test_every_country_can_be_entered() -> None:
    """Each that the sandbox knows."""
    for code in COUNTRIES:
        assert parse(f"SANDBOX-TRANSIT-1S-TO-{code}-DELIVERED")


@pytest.mark.behaviour("scenario.air-waybill-failures")
@pytest.mark.parametrize(
    ("number", "effect"),
    [
        ("000-0004016", Code(4016)),
        ("000-00040165", Code(4016)),
        ("00000040165", Code(4016)),
        ("000 0000429", Code(429)),
        ("000-1000503", Status(503)),
        ("000-2000005", Delay(5)),
        ("000-3000000", Truncated()),
        ("000-3000001", Html(200, after=True)),
        ("000-3000002", Empty()),
        ("000-3000003", NotJson()),
    ],
)
def test_air_waybill_numbers_that_fail(number: str, effect: Instruction) -> None:
    """The first digit of the serial number says what goes wrong, the other six say how."""
    failure = air_waybill_failure_of(number)

    assert failure == Failure(effect)
    assert patterns.AIR_WAYBILL_NUMBER.fullmatch(number)


@pytest.mark.parametrize(
    "number",
    [
        *("172-0004016", "172-28891936", "000-0000000", "000-0000200", "000-0004242"),
        *("000-00040166", "000-1000200", "000-2000000", "000-3000004", "000-4000000"),
    ],
)
def test_all_other_air_waybill_numbers_do_not_fail(number: str) -> None:
    """The prefix must be the reserved one, the check digit right, and the rest known."""
    assert air_waybill_failure_of(number) is None


def test_the_reserved_prefix_belongs_to_no_airline() -> None:
    """No real number is mistaken for one that fails."""
    assert "000" not in AIRLINES
