from itertools import pairwise

import pytest

from tests.sandbox.harness import Api, statuses
from trackingmore_v2_api import models
from trackingmore_v2_sandbox.scenarios.journey import Journey, report_at
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS, COUNTRIES

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR
NUMBERS = [f"TEST{index:09}" for index in range(500)]


def journeys(carrier_code: str = "china-ems") -> list[Journey]:
    """Plan many journeys, all registered at the epoch."""
    return [plan_journey(CARRIERS[carrier_code], number, 0) for number in NUMBERS]


@pytest.mark.behaviour("scenario.reproducible")
def test_a_number_always_has_the_same_journey() -> None:
    """It follows from number and carrier; a later registration only shifts it."""
    carrier = CARRIERS["china-ems"]
    early = plan_journey(carrier, "LK664578623CN", 0)
    late = plan_journey(carrier, "LK664578623CN", 1000)

    assert early == plan_journey(carrier, "LK664578623CN", 0)
    assert [checkpoint.at + 1000 for checkpoint in early.checkpoints] == [
        n.at for n in late.checkpoints
    ]
    assert early != plan_journey(CARRIERS["china-post"], "LK664578623CN", 0)


@pytest.mark.behaviour("progress.events")
@pytest.mark.parametrize("carrier_code", ["china-ems", "ups", "usps", "sto"])
def test_journeys_differ_and_mostly_end_with_delivery(carrier_code: str) -> None:
    """Every status occurs; checkpoints are in order."""
    planned = journeys(carrier_code)
    seen = {status for journey in planned for status in statuses(journey)}
    seen |= {report_at(journey, at * DAY).status for journey in planned for at in (0, 10, 70)}

    assert seen == set(models.TrackingStatus) - {"pending"}
    delivered = [journey for journey in planned if "delivered" in statuses(journey)]
    assert 0.7 < len(delivered) / len(planned) < 0.95
    for journey in planned:
        times = [checkpoint.at for checkpoint in journey.checkpoints]
        assert times == sorted(times)
        assert all(-3 * DAY - 3600 <= at < 20 * DAY for at in times)


@pytest.mark.behaviour("progress.statuses")
def test_statuses_are_the_contracts() -> None:
    """Statuses, substatuses and milestones are listed in the contract."""
    checkpoint = [
        each for code in CARRIERS for journey in journeys(code)[:40] for each in journey.checkpoints
    ]

    assert {each.status for each in checkpoint} <= set(models.TrackingStatus)
    assert {each.substatus for each in checkpoint} <= {*models.Substatus, None}
    assert {each.milestone for each in checkpoint} <= {*models.Milestone, None}


def test_a_query_shows_only_the_past() -> None:
    """Checkpoints appear one by one, and none disappears."""
    for journey in journeys()[:50]:
        shown = [report_at(journey, hour * 3600).checkpoints for hour in range(-80, 500, 7)]
        for before, after in pairwise(shown):
            assert after[: len(before)] == before
        assert shown[-1] == journey.checkpoints


def test_nothing_changes_once_settled() -> None:
    """From `settles_at` on, the state is constant."""
    for code in ("china-ems", "ups"):
        for journey in journeys(code):
            settled = report_at(journey, journey.settles_at)
            if settled.status != "exception":
                assert settled.status in {"delivered", "expired"}
            assert report_at(journey, journey.settles_at + 1000 * DAY) == settled


@pytest.mark.behaviour("get.expiry")
def test_an_unfinished_journey_expires() -> None:
    """Lost and unknown trackings expire; failed ones do not."""
    for journey in journeys():
        last = journey.checkpoints[-1].status if journey.checkpoints else "notfound"
        end = report_at(journey, journey.expires_at).status

        assert end == (last if last in {"delivered", "exception"} else "expired")
        assert report_at(journey, journey.expires_at - 1).status == last


def test_a_postal_number_names_its_origin() -> None:
    """The last two letters of a postal number are the country of origin."""
    journey = plan_journey(CARRIERS["cainiao"], "LB181539674SG", 0)

    assert journey.origin.name == "Singapore"


@pytest.mark.behaviour("progress.destination")
def test_a_destination_is_taken_by_code_or_name() -> None:
    """Anything else leaves the choice to the number."""
    carrier = CARRIERS["china-ems"]
    number = "LK664578623CN"

    assert plan_journey(carrier, number, 0, "us").destination.code == "US"
    assert plan_journey(carrier, number, 0, "New Zealand").destination.code == "NZ"
    assert plan_journey(carrier, number, 0, "??") == plan_journey(carrier, number, 0)
    assert plan_journey(carrier, number, 0, "CN").destination_carrier is None


def test_a_sorting_centre_is_where_its_country_sorts() -> None:
    """What happens at a hub happens in one city of each country, and in more than one at home."""
    checkpoint = [each for journey in journeys() for each in journey.checkpoints]
    sorting = {each.city for each in checkpoint if each.substatus == "transit002"}
    accepting = {each.city for each in checkpoint if each.substatus == "transit001"}

    assert sorting == {"SHANGHAI"}
    assert accepting == set(COUNTRIES["CN"].cities)


def program(number: str, created_at: int = 0, carrier_code: str = "china-ems") -> Journey:
    """Plan the journey of a scenario number."""
    return plan_journey(CARRIERS[carrier_code], number, created_at)


def seen(journey: Journey) -> list[tuple[int, str, str | None]]:
    """Return the state that each query shows."""
    states_seen = [(at, report_at(journey, at)) for at in journey.poll_times or ()]
    return [(at, state.status, state.substatus) for at, state in states_seen]


@pytest.mark.behaviour("scenario.prefix")
def test_a_scenario_has_exactly_its_steps() -> None:
    """The carrier is queried at each step, and at no other time."""
    journey = program("SANDBOX-TRANSIT001-1H-PICKUP-30M-DELIVERED003", created_at=7)

    assert seen(journey) == [
        (7, "transit", "transit001"),
        (7 + HOUR, "pickup", None),
        (7 + 90 * MINUTE, "delivered", "delivered003"),
    ]
    assert [checkpoint.at for checkpoint in journey.checkpoints] == list(journey.poll_times or ())
    assert report_at(journey, 6 + HOUR).status == "transit"
    assert journey.settles_at == 7 + 90 * MINUTE


@pytest.mark.behaviour("progress.statuses")
@pytest.mark.parametrize("word", [*models.TrackingStatus, *models.Substatus])
def test_every_status_and_substatus_can_be_requested(word: str) -> None:
    """As the only state, and as a step of several, in any case."""
    for number, at in ((f"SANDBOX-{word}", 0), (f"sandbox-TRANSIT007-1S-{word}_x", 1)):
        journey = program(number)
        state = report_at(journey, at)

        assert word in {state.status, state.substatus}
        assert (state.substatus or state.status).startswith(state.status)
        assert report_at(journey, at + 1000 * DAY) == state


def test_a_single_state_has_at_most_one_checkpoint() -> None:
    """None where the carrier has no data."""
    silent = {"pending", "notfound", "notfound002", "expired"}
    silent |= {"exception001", "exception002", "exception003"}
    given = {
        word: [
            checkpoint.substatus or checkpoint.status
            for checkpoint in program(f"SANDBOX-{word}").checkpoints
        ]
        for word in (*models.TrackingStatus, *models.Substatus)
    }

    assert given == {word: [] if word in silent else [word] for word in given}


def test_a_scenario_can_stay_pending() -> None:
    """There is no query before the first state that is not pending."""
    assert program("SANDBOX-PENDING").poll_times == ()
    assert program("SANDBOX-PENDING-1H-PENDING-1H-NOTFOUND-1S-PENDING").poll_times == (
        2 * HOUR,
        2 * HOUR + 1,
    )
    assert plan_journey(CARRIERS["ups"], "TEST000000001", 0).poll_times is None


def test_a_journey_can_begin_before_the_registration() -> None:
    """The first query shows all earlier checkpoints."""
    journey = program(
        "SANDBOX-SINCE-36H-TRANSIT001-1D-TRANSIT002-1D-DELIVERED", created_at=100 * DAY
    )
    first = report_at(journey, 100 * DAY)

    assert journey.poll_times == (100 * DAY, 100 * DAY + 12 * HOUR)
    assert [checkpoint.at for checkpoint in first.checkpoints] == [98.5 * DAY, 99.5 * DAY]
    assert seen(journey)[-1][1] == "delivered"


@pytest.mark.parametrize("carrier_code", ["china-ems", "ups", "usps"])
def test_a_country_begins_the_second_leg(carrier_code: str) -> None:
    """From there on its post is the carrier."""
    number = "SANDBOX-TRANSIT001-1D-TO-DE-TRANSIT004-1D-DELIVERED"
    journey = plan_journey(CARRIERS[carrier_code], number, 0, "FR")

    assert journey.destination.code == "DE"
    assert journey.destination_carrier == "deutsche-post"
    assert [checkpoint.in_destination for checkpoint in journey.checkpoints] == [False, True, True]
    assert [checkpoint.country.code == "DE" for checkpoint in journey.checkpoints] == [
        False,
        True,
        True,
    ]


def test_without_a_country_there_is_one_leg() -> None:
    """The destination is that of the registration, or the country of origin."""
    number = "SANDBOX-TRANSIT-1D-DELIVERED"
    given = plan_journey(CARRIERS["china-ems"], number, 0, "FR")
    not_given = plan_journey(CARRIERS["china-ems"], number, 0)

    assert (given.destination.code, not_given.destination.code) == ("FR", "CN")
    for journey in (given, not_given):
        assert journey.destination_carrier is None
        assert not any(checkpoint.in_destination for checkpoint in journey.checkpoints)


@pytest.mark.behaviour("scenario.no-expiry")
def test_a_scenario_never_expires_automatically() -> None:
    """It keeps its last state."""
    assert report_at(program("SANDBOX-TRANSIT"), 1000 * DAY).status == "transit"
    assert program("SANDBOX-TRANSIT").settles_at == 60 * DAY
    assert program("SANDBOX-TRANSIT-90D-PICKUP").settles_at == 90 * DAY
    assert report_at(program("SANDBOX-DELIVERED-1D-EXCEPTION010"), DAY).status == "exception"


def test_a_label_changes_only_cities() -> None:
    """The states are the same."""
    labelled = [program(f"SANDBOX-TRANSIT001-1H-DELIVERED_{index}") for index in range(20)]

    assert len({journey.states for journey in labelled}) == 1
    assert len({checkpoint.city for journey in labelled for checkpoint in journey.checkpoints}) > 1


def test_a_failure_alone_leaves_the_journey_ordinary() -> None:
    """So does an invalid scenario."""
    for number in ("SANDBOX-SLOW-5S", "SANDBOX-FAIL-4017-ON-GET", "SANDBOX-NONSENSE"):
        assert program(number).poll_times is None


@pytest.mark.parametrize("carrier_code", ["china-ems", "ups"])
def test_each_state_can_be_read_at_once(api: Api, carrier_code: str) -> None:
    """Right after the registration, with a valid response."""
    for word in (*models.TrackingStatus, *models.Substatus):
        pair = {"carrier_code": carrier_code, "tracking_number": f"SANDBOX-{word}".upper()}
        api.create(**pair)
        tracking = api.get(**pair)

        assert word in {tracking["status"], tracking["substatus"]}


@pytest.mark.behaviour("get.no-destination-leg")
def test_each_step_can_be_read_at_its_second(api: Api) -> None:
    """It is not delayed by regular queries, and its country begins a second leg."""
    number = "SANDBOX-PENDING-10S-TRANSIT001-5S-TO-US-TRANSIT004-1S-DELIVERED"
    api.create(tracking_number=number)
    seen = []
    for seconds in (9, 1, 4, 1, 1):
        api.advance(seconds=seconds)
        seen.append(api.get(tracking_number=number))

    assert [tracking["substatus"] or tracking["status"] for tracking in seen] == [
        *("pending", "transit001", "transit001", "transit004", "delivered")
    ]
    assert "origin_info" not in seen[0]
    assert seen[2]["destination_info"] is None
    assert seen[3]["destination_info"]["carrier_code"] == "usps"
    assert len(seen[4]["origin_info"]["trackinfo"]) == 1
    assert len(seen[4]["destination_info"]["trackinfo"]) == 2
