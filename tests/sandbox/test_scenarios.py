from itertools import pairwise

import pytest

from trackingmore_v2_api import models
from trackingmore_v2_sandbox.catalogue import CARRIERS
from trackingmore_v2_sandbox.scenarios import Journey, look, plan_journey

from .harness import statuses

DAY = 24 * 3600
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
    seen |= {look(life, at * DAY).status for life in lives for at in (0, 10, 70)}

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
        shown = [look(life, hour * 3600).checkpoints for hour in range(-80, 500, 7)]
        for before, after in pairwise(shown):
            assert after[: len(before)] == before
        assert shown[-1] == life.checkpoints


def test_nothing_changes_once_settled() -> None:
    """From `settles_at` on, every look shows the same."""
    for code in ("china-ems", "ups"):
        for life in journeys(code):
            settled = look(life, life.settles_at)
            if settled.status != "exception":
                assert settled.status in {"delivered", "expired"}
            assert look(life, life.settles_at + 1000 * DAY) == settled


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
