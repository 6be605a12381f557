import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from trackingmore_v2_api import models
from trackingmore_v2_sandbox.scenarios.journey import Journey, report_at
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS, COUNTRIES

from . import lives
from .harness import Api, statuses

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR
GOLDEN = Path(__file__).parent / "golden" / "lives.json"
NUMBERS = [f"TEST{index:09}" for index in range(500)]


def journeys(carrier_code: str = "china-ems") -> list[Journey]:
    """Plan many lives, all registered at the epoch."""
    return [plan_journey(CARRIERS[carrier_code], number, 0) for number in NUMBERS]


def test_a_number_always_lives_the_same_life() -> None:
    """The life follows from number and carrier alone; registering later only moves it."""
    carrier = CARRIERS["china-ems"]
    early = plan_journey(carrier, "LK664578623CN", 0)
    late = plan_journey(carrier, "LK664578623CN", 1000)

    assert early == plan_journey(carrier, "LK664578623CN", 0)
    assert [news.at + 1000 for news in early.checkpoints] == [n.at for n in late.checkpoints]
    assert early != plan_journey(CARRIERS["china-post"], "LK664578623CN", 0)


@pytest.mark.parametrize("carrier_code", ["china-ems", "ups", "usps", "sto"])
def test_lives_differ_and_mostly_end_well(carrier_code: str) -> None:
    """Every status occurs; most parcels are delivered, after checkpoints in order."""
    lives = journeys(carrier_code)
    seen = {status for life in lives for status in statuses(life)}
    seen |= {report_at(life, at * DAY).status for life in lives for at in (0, 10, 70)}

    assert seen == set(models.TrackingStatus) - {"pending"}
    delivered = [life for life in lives if "delivered" in statuses(life)]
    assert 0.7 < len(delivered) / len(lives) < 0.95
    for life in lives:
        times = [news.at for news in life.checkpoints]
        assert times == sorted(times)
        assert all(-3 * DAY - 3600 <= at < 20 * DAY for at in times)


def test_all_words_are_the_contracts() -> None:
    """Statuses, substatuses and milestones are listed in the contract."""
    news = [each for code in CARRIERS for life in journeys(code)[:40] for each in life.checkpoints]

    assert {each.status for each in news} <= set(models.TrackingStatus)
    assert {each.substatus for each in news} <= {*models.Substatus, None}
    assert {each.milestone for each in news} <= {*models.Milestone, None}


def test_a_look_shows_only_the_past() -> None:
    """Checkpoints appear one by one, and none disappears."""
    for life in journeys()[:50]:
        shown = [report_at(life, hour * 3600).checkpoints for hour in range(-80, 500, 7)]
        for before, after in pairwise(shown):
            assert after[: len(before)] == before
        assert shown[-1] == life.checkpoints


def test_nothing_changes_once_settled() -> None:
    """From `settles_at` on, every look shows the same."""
    for code in ("china-ems", "ups"):
        for life in journeys(code):
            settled = report_at(life, life.settles_at)
            if settled.status != "exception":
                assert settled.status in {"delivered", "expired"}
            assert report_at(life, life.settles_at + 1000 * DAY) == settled


def test_what_has_no_end_expires() -> None:
    """A parcel that is lost or never heard of expires; one that was refused or damaged does not."""
    for life in journeys():
        last = life.checkpoints[-1].status if life.checkpoints else "notfound"
        end = report_at(life, life.expires_at).status

        assert end == (last if last in {"delivered", "exception"} else "expired")
        assert report_at(life, life.expires_at - 1).status == last


def test_a_postal_number_names_its_origin() -> None:
    """The last two letters of a postal number are the country of origin."""
    life = plan_journey(CARRIERS["cainiao"], "LB181539674SG", 0)

    assert life.origin.name == "Singapore"


def test_a_destination_is_taken_by_code_or_name() -> None:
    """Anything else leaves the choice to the number."""
    carrier = CARRIERS["china-ems"]
    number = "LK664578623CN"

    assert plan_journey(carrier, number, 0, "us").destination.code == "US"
    assert plan_journey(carrier, number, 0, "New Zealand").destination.code == "NZ"
    assert plan_journey(carrier, number, 0, "??") == plan_journey(carrier, number, 0)
    assert plan_journey(carrier, number, 0, "CN").destination_carrier is None


def test_lives_are_written_down() -> None:
    """No life and no flight plan changes unnoticed."""
    assert lives.written().encode() == GOLDEN.read_bytes()


def test_lives_do_not_depend_on_the_process() -> None:
    """Another process with another hash seed writes the same bytes."""
    again = subprocess.run(
        [sys.executable, "-m", "tests.sandbox.lives"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        check=True,
    )

    assert again.stdout == GOLDEN.read_bytes()


def test_a_sorting_centre_is_where_its_country_sorts() -> None:
    """What happens at a hub happens in one city of each country, and in more than one at home."""
    news = [each for life in journeys() for each in life.checkpoints]
    sorting = {each.city for each in news if each.substatus == "transit002"}
    accepting = {each.city for each in news if each.substatus == "transit001"}

    assert sorting == {"SHANGHAI"}
    assert accepting == set(COUNTRIES["CN"].cities)


def program(number: str, created_at: int = 0, carrier_code: str = "china-ems") -> Journey:
    """Plan the life that a scenario number tells."""
    return plan_journey(CARRIERS[carrier_code], number, created_at)


def seen(journey: Journey) -> list[tuple[int, str, str | None]]:
    """Return what each look of the provider shows."""
    sights = [(at, report_at(journey, at)) for at in journey.poll_times or ()]
    return [(at, sight.status, sight.substatus) for at, sight in sights]


def test_a_chain_goes_exactly_as_it_says() -> None:
    """The provider looks at each step, at once, and at nothing else."""
    life = program("SANDBOX-TRANSIT001-1H-PICKUP-30M-DELIVERED003", created_at=7)

    assert seen(life) == [
        (7, "transit", "transit001"),
        (7 + HOUR, "pickup", None),
        (7 + 90 * MINUTE, "delivered", "delivered003"),
    ]
    assert [news.at for news in life.checkpoints] == list(life.poll_times or ())
    assert report_at(life, 6 + HOUR).status == "transit"
    assert life.settles_at == 7 + 90 * MINUTE


@pytest.mark.parametrize("word", [*models.TrackingStatus, *models.Substatus])
def test_every_status_and_substatus_can_be_told(word: str) -> None:
    """Each is a fixed end, and a step of a chain, in any case."""
    for number, at in ((f"SANDBOX-{word}", 0), (f"sandbox-TRANSIT007-1S-{word}_x", 1)):
        life = program(number)
        sight = report_at(life, at)

        assert word in {sight.status, sight.substatus}
        assert (sight.substatus or sight.status).startswith(sight.status)
        assert report_at(life, at + 1000 * DAY) == sight


def test_a_fixed_end_has_one_checkpoint_at_most() -> None:
    """Where the carrier has said nothing, there is none."""
    silent = {"pending", "notfound", "notfound002", "expired"}
    silent |= {"exception001", "exception002", "exception003"}
    told = {
        word: [news.substatus or news.status for news in program(f"SANDBOX-{word}").checkpoints]
        for word in (*models.TrackingStatus, *models.Substatus)
    }

    assert told == {word: [] if word in silent else [word] for word in told}


def test_it_stays_pending_as_long_as_it_is_told() -> None:
    """There is no look before the first state that is not pending, or none at all."""
    assert program("SANDBOX-PENDING").poll_times == ()
    assert program("SANDBOX-PENDING-1H-PENDING-1H-NOTFOUND-1S-PENDING").poll_times == (
        2 * HOUR,
        2 * HOUR + 1,
    )
    assert plan_journey(CARRIERS["ups"], "TEST000000001", 0).poll_times is None


def test_a_life_can_have_begun_before_the_registration() -> None:
    """The first look, when the parcel is registered, shows all that was before."""
    life = program("SANDBOX-SINCE-36H-TRANSIT001-1D-TRANSIT002-1D-DELIVERED", created_at=100 * DAY)
    first = report_at(life, 100 * DAY)

    assert life.poll_times == (100 * DAY, 100 * DAY + 12 * HOUR)
    assert [news.at for news in first.checkpoints] == [98.5 * DAY, 99.5 * DAY]
    assert seen(life)[-1][1] == "delivered"


@pytest.mark.parametrize("carrier_code", ["china-ems", "ups", "usps"])
def test_a_country_begins_the_second_leg(carrier_code: str) -> None:
    """From there on its post tells the news, whoever brought the parcel."""
    number = "SANDBOX-TRANSIT001-1D-TO-DE-TRANSIT004-1D-DELIVERED"
    life = plan_journey(CARRIERS[carrier_code], number, 0, "FR")

    assert life.destination.code == "DE"
    assert life.destination_carrier == "deutsche-post"
    assert [news.in_destination for news in life.checkpoints] == [False, True, True]
    assert [news.country.code == "DE" for news in life.checkpoints] == [False, True, True]


def test_without_a_country_there_is_one_leg() -> None:
    """The destination is the one that was told at the registration, or home."""
    number = "SANDBOX-TRANSIT-1D-DELIVERED"
    told = plan_journey(CARRIERS["china-ems"], number, 0, "FR")
    untold = plan_journey(CARRIERS["china-ems"], number, 0)

    assert (told.destination.code, untold.destination.code) == ("FR", "CN")
    for life in (told, untold):
        assert life.destination_carrier is None
        assert not any(news.in_destination for news in life.checkpoints)


def test_a_program_never_expires_by_itself() -> None:
    """After 60 days and more it stands where its program left it."""
    assert report_at(program("SANDBOX-TRANSIT"), 1000 * DAY).status == "transit"
    assert program("SANDBOX-TRANSIT").settles_at == 60 * DAY
    assert program("SANDBOX-TRANSIT-90D-PICKUP").settles_at == 90 * DAY
    assert report_at(program("SANDBOX-DELIVERED-1D-EXCEPTION010"), DAY).status == "exception"


def test_a_label_changes_at_most_the_cities() -> None:
    """Numbers of one program live the same life."""
    labelled = [program(f"SANDBOX-TRANSIT001-1H-DELIVERED_{index}") for index in range(20)]

    assert len({life.states for life in labelled}) == 1
    assert len({news.city for life in labelled for news in life.checkpoints}) > 1


def test_a_failure_alone_leaves_the_life_ordinary() -> None:
    """So does a number that has the prefix and is no program."""
    for number in ("SANDBOX-SLOW-5S", "SANDBOX-FAIL-4017-ON-GET", "SANDBOX-NONSENSE"):
        assert program(number).poll_times is None


@pytest.mark.parametrize("carrier_code", ["china-ems", "ups"])
def test_each_state_can_be_read_at_once(api: Api, carrier_code: str) -> None:
    """Right after the registration a fixed end is there, in an answer that the contract allows."""
    for word in (*models.TrackingStatus, *models.Substatus):
        pair = {"carrier_code": carrier_code, "tracking_number": f"SANDBOX-{word}".upper()}
        api.create(**pair)
        parcel = api.get(**pair)

        assert word in {parcel["status"], parcel["substatus"]}


def test_each_step_can_be_read_at_its_second(api: Api) -> None:
    """Nothing of a chain is hidden by the provider's rounds, and its country gives a second leg."""
    number = "SANDBOX-PENDING-10S-TRANSIT001-5S-TO-US-TRANSIT004-1S-DELIVERED"
    api.create(tracking_number=number)
    seen = []
    for seconds in (9, 1, 4, 1, 1):
        api.advance(seconds=seconds)
        seen.append(api.get(tracking_number=number))

    assert [parcel["substatus"] or parcel["status"] for parcel in seen] == [
        *("pending", "transit001", "transit001", "transit004", "delivered")
    ]
    assert "origin_info" not in seen[0]
    assert seen[2]["destination_info"] is None
    assert seen[3]["destination_info"]["carrier_code"] == "usps"
    assert len(seen[4]["origin_info"]["trackinfo"]) == 1
    assert len(seen[4]["destination_info"]["trackinfo"]) == 2
