"""The inspector in a real browser: what users see and do."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Literal

import httpx2
import pytest
from playwright.sync_api import APIResponse, Browser, Route, expect

from tests.browser.sessions import KEY, SECTIONS, TRACKING, Session, new_session
from tests.programs import report_missing
from trackingmore_v2 import TrackingMore, TrackingMoreError, TrackingNotFound
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_pytest.receiver import WebhookReceiver
from trackingmore_v2_sandbox import API_KEY, Sandbox, Settings

OTHER_KEY = "00000000-0000-4000-8000-00000000beef"
MARKUP = "<img src=x onerror=\"document.title='broken into'\">"


# The token


def test_the_token_leaves_the_address_and_stays_in_the_tab(inspector: Session) -> None:
    """The address bar, and what is bookmarked or shared, hold no token; a reload needs none."""
    token = inspector.sandbox.admin_token

    assert inspector.page.url.endswith("/_sandbox/")
    inspector.page.reload()
    expect(inspector.page.locator("#connection")).to_have_text("Live")
    assert inspector.page.evaluate("localStorage.length") == 0
    assert token not in inspector.page.content()
    assert inspector.context.cookies() == []


def test_without_a_token_the_page_asks_for_it(session: Session) -> None:
    """Without the token in the URL the page asks for it, and opens once it is right."""
    page = session.page
    page.goto(session.sandbox.inspector_url.partition("#")[0])
    dialog = page.get_by_role("dialog", name="Token")
    entry = dialog.get_by_label("Token", exact=True)

    expect(dialog).to_be_visible()
    entry.fill("wrong")
    entry.press("Enter")
    expect(dialog).to_contain_text("Wrong token")
    entry.fill(session.sandbox.admin_token)
    entry.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(page.locator("#connection")).to_have_text("Live")


# Requests


def test_a_request_appears_by_itself(inspector: Session) -> None:
    """What a client asks shows at once on the open page, the newest on top."""
    inspector.client.trackings.create(*TRACKING)
    inspector.client.account.get()

    expect(inspector.rows).to_have_count(2)
    expect(inspector.rows.first).to_contain_text("getAccount")
    expect(inspector.rows.last).to_contain_text(
        f"POST createTracking {TRACKING[1]} /v2/trackings/post"
    )
    expect(inspector.rows.last).to_contain_text("200")


def test_the_filter_finds_text_operation_and_code(inspector: Session) -> None:
    """Of many requests those remain that are looked for, also among those that come later."""
    page, client = inspector.page, inspector.client
    client.trackings.create("ups", "SANDBOX-DELIVERED_one")
    client.trackings.create("ups", "SANDBOX-DELIVERED_two")
    with suppress(TrackingNotFound):
        client.trackings.get("ups", "SANDBOX-DELIVERED_three")
    expect(inspector.rows).to_have_count(3)

    page.get_by_label("Filter by text").fill("sandbox-delivered_TWO")
    expect(inspector.rows).to_have_count(1)
    expect(page.get_by_text("1 of 3 requests")).to_be_visible()
    client.trackings.get("ups", "SANDBOX-DELIVERED_one")
    client.trackings.get("ups", "SANDBOX-DELIVERED_two")
    expect(inspector.rows).to_have_count(2)
    page.get_by_label("Filter by text").fill("")
    page.get_by_label("Filter by operation").select_option("createTracking")
    expect(inspector.rows).to_have_count(2)
    page.get_by_label("Filter by operation").select_option("")
    page.get_by_label("Filter by code").select_option("4017")
    expect(inspector.rows).to_have_count(1)
    expect(inspector.rows).to_contain_text("SANDBOX-DELIVERED_three")
    page.get_by_label("Filter by text").fill("nothing like it")
    expect(page.get_by_text("No requests match the filter.")).to_be_visible()


def test_the_detail_shows_all_of_a_request_and_its_hints(inspector: Session) -> None:
    """Request and response are indented, otherwise as they were, beside what the contract says."""
    body = '{"tracking_number":"LK664578623CN","carrier_code":5,"order_id":12345678901234567890}'
    inspector.http.post(f"{inspector.sandbox.base_url}/trackings/post?lang=en", content=body)
    inspector.rows.first.click()

    expect(inspector.detail).to_contain_text("createTracking")
    expect(inspector.detail).to_contain_text("body/carrier_code")
    expect(inspector.detail).to_contain_text(
        "/_sandbox/openapi.yaml#/components/schemas/CreateTrackingRequest"
    )
    expect(inspector.detail.get_by_label("Query")).to_have_text("lang = en")
    shown = inspector.detail.get_by_label("Request body").inner_text()
    assert shown == body.replace(":", ": ").replace(",", ",\n  ").replace("{", "{\n  ").replace(
        "}", "\n}"
    )
    assert json.loads(inspector.detail.get_by_label("Response body").inner_text())["meta"]
    inspector.page.keyboard.press("Escape")
    expect(inspector.detail).to_be_hidden()


def test_broken_bodies_are_shown_as_they_are(inspector: Session) -> None:
    """A body that is not JSON is shown unchanged, and one that is cut off keeps its content."""
    url = f"{inspector.sandbox.base_url}/trackings/post"
    bodies = ("not json", '{"a":["x\\"]",{},[],{"b":tru', '{"a" 1}}]')
    for count, body in enumerate(bodies, 1):
        inspector.http.post(url, content=body)
        expect(inspector.rows).to_have_count(count)
        inspector.rows.first.click()
        shown = inspector.detail.get_by_label("Request body")

        expect(shown).to_contain_text(body[0])
        assert re.sub(r"\s", "", shown.inner_text()) == re.sub(r"\s", "", body)
        assert body.startswith("{") or shown.inner_text() == body


@pytest.mark.parametrize("kind", ["curl", "Python"])
def test_a_copied_request_can_be_made_again_and_holds_no_key(
    inspector: Session, kind: Literal["curl", "Python"]
) -> None:
    """The clipboard gets a command that repeats the request, with the key from the environment."""
    title = 'it\'s "so" $HOME `id` \\ ü 包裹 %20'
    inspector.http.post(
        f"{inspector.sandbox.base_url}/trackings/post?note=a%26b",
        headers={"Content-Type": "application/json", "Lang": "en"},
        content=json.dumps(
            {"tracking_number": "T'1", "carrier_code": "ups", "title": title}, ensure_ascii=False
        ).encode(),
    )
    inspector.rows.first.click()
    inspector.button(f"Copy as {kind}").click()
    expect(inspector.page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied: str = inspector.page.evaluate("navigator.clipboard.readText()")
    (first,) = inspector.sandbox.log(api_key=KEY)
    if kind == "curl" and not shutil.which("curl"):
        report_missing("curl is not installed: apt-get install curl")
    command = [sys.executable, "-c", copied] if kind == "Python" else ["sh", "-c", copied]
    environment = {**os.environ, "TRACKINGMORE_API_KEY": KEY, "NO_PROXY": "*"}
    done = subprocess.run(  # noqa: S603 - what the page made of our own request
        command, capture_output=True, check=True, env=environment, text=True
    )
    again = inspector.sandbox.log(after=first.sequence, api_key=KEY)[0]

    assert KEY not in copied
    assert KEY[-4:] not in copied
    assert "TRACKINGMORE_API_KEY" in copied
    assert '"meta"' in done.stdout
    for name in ("method", "path", "query", "request", "operation"):
        assert getattr(again, name) == getattr(first, name), name
    assert {**again.headers, "user-agent": ""} == {**first.headers, "user-agent": ""}


def test_only_visible_rows_are_in_the_document(browser: Browser) -> None:
    """Of thousands of requests all can be scrolled to, but few are rows; none is missing."""
    settings = Settings(log_exchanges=5000)
    with new_session(browser, settings) as session:
        url = f"{session.sandbox.base_url}/carriers/"
        for number in range(2150):
            session.http.get(f"{url}{number}")
        session.open()
        page, listbox = (
            session.page,
            session.page.get_by_role("listbox", name="Requests, newest first"),
        )
        active = page.locator(".row[aria-selected=true]")

        expect(page.locator("#requests .count")).to_have_text("2,150 requests")
        assert session.rows.count() < 100
        expect(session.rows.first).to_contain_text("/carriers/2149")
        listbox.focus()
        page.keyboard.press("End")
        expect(active).to_contain_text("/carriers/0")
        expect(active).to_have_attribute("aria-posinset", "2150")
        assert session.rows.count() < 100
        session.http.get(f"{url}next")
        expect(active).to_have_attribute("aria-posinset", "2151")
        expect(active).to_be_in_viewport()


def test_a_restarted_sandbox_is_followed_anew(browser: Browser) -> None:
    """When a sandbox comes back, the page finds it again and shows nothing of the one before."""
    with new_session(browser) as session:
        session.open()
        for _ in range(3):
            session.client.account.get()
        expect(session.rows).to_have_count(3)
        port = httpx2.URL(session.sandbox.base_url).port or 0
        token = session.sandbox.admin_token
        session.sandbox.__exit__(None, None, None)
        expect(session.page.locator("#connection")).to_have_text("No connection; retrying")
        with Sandbox(port=port, admin_token=token):
            session.client.carriers.list()
            expect(session.page.locator("#connection")).to_have_text("Live")
            expect(session.rows).to_have_count(1)
            expect(session.rows).to_contain_text("listCarriers")


def test_the_log_can_be_cleared(inspector: Session) -> None:
    """Clear forgets the requests of the account, here and in the sandbox."""
    inspector.client.account.get()
    expect(inspector.rows).to_have_count(1)
    inspector.button("Clear").click()

    expect(inspector.rows).to_have_count(0)
    assert inspector.sandbox.log(api_key=KEY) == []


# Trackings, time and webhooks


def test_the_timeline_shows_each_step_past_and_to_come(inspector: Session) -> None:
    """Each piece of news is a dot on its carrier's line, solid when past, dashed when to come."""
    inspector.client.trackings.create(*TRACKING)
    inspector.sandbox.clock.advance(timedelta(days=1), api_key=KEY)
    trackings = inspector.go("Trackings")
    trackings.get_by_role("button", name=TRACKING[1]).click()
    life = inspector.sandbox.tracking(*TRACKING, api_key=KEY)
    steps = life.timeline
    marks = inspector.page.locator(".rails .dot")

    expect(marks).to_have_count(len(steps))
    for index, step in enumerate(steps):
        mark, told = marks.nth(index), inspector.page.locator(".step").nth(index)
        era = "past" if step.at <= life.now else "future"
        expect(mark).to_have_class(f"dot {era}")
        expect(mark).to_have_attribute("data-kind", step.kind)
        expect(told).to_have_class(f"step {era}")
        expect(told).to_contain_text(f"{step.at:%Y-%m-%d %H:%M:%S}")
        expect(told).to_contain_text(step.substatus or step.status or "Registered")
    future = inspector.page.locator(".rails .dot.future").first
    expect(future).to_have_css("stroke-dasharray", "3px, 2px")
    expect(inspector.page.locator(".rails .dot.past").first).to_have_css("stroke-dasharray", "none")
    expect(inspector.page.locator(".lane-names")).to_have_text("china-ems, CNusps, USAPI status")
    origin, destination = (
        {mark.get_attribute("cx") for mark in inspector.page.locator(f"circle{era}").all()}
        for era in (".dot.past[data-kind]", ".dot.future[data-kind]")
    )
    assert origin
    assert destination
    assert not origin & destination
    picture = inspector.page.get_by_role("img", name="API status")
    expect(picture).to_have_accessible_name(re.compile("transit from .* delivered from"))


def test_advancing_moves_now_and_sends_webhooks(
    inspector: Session, receiver: WebhookReceiver
) -> None:
    """A click lets a day pass: the line moves, the status changes, and what was due was sent."""
    page = inspector.page
    inspector.sandbox.webhooks.add(receiver.url, api_key=KEY)
    inspector.client.trackings.create("ups", "SANDBOX-TRANSIT-2D-DELIVERED003")
    trackings = inspector.go("Trackings")
    trackings.get_by_role("button", name="SANDBOX-TRANSIT").click()
    line = page.locator(".now-line")
    place = float((line.get_attribute("x1") or "").removesuffix("%"))
    clock = inspector.clock

    expect(clock).to_contain_text("2026-03-01 12:00:00 UTC frozen")
    page.get_by_role("button", name="Advance by 1 d").click()
    expect(clock).to_contain_text("2026-03-02 12:00:00 UTC frozen")
    expect(page.locator(".now-row")).to_contain_text("2026-03-02 12:00:00")
    moved = float((line.get_attribute("x1") or "").removesuffix("%"))
    assert moved > place + 10
    assert len(receiver.received) == 1
    inspector.button("Next event").click()
    expect(clock).to_contain_text("2026-03-03 12:00:00 UTC frozen")
    expect(page.locator(".timeline-panel h2")).to_contain_text("delivered003")
    webhooks = inspector.go("Webhooks")
    deliveries = webhooks.get_by_role("region", name="Deliveries").get_by_role("listitem")
    expect(deliveries.first).to_contain_text("delivered, 1 attempt")
    assert len(receiver.received) == 2
    inspector.button("Resend delivered of SANDBOX-TRANSIT-2D-DELIVERED003").click()
    expect(deliveries.first).to_contain_text("delivered, 2 attempts")
    assert len(receiver.received) == 3
    resent, sent = (json.loads(receiver.received[index].body) for index in (2, 1))
    assert resent["data"] == sent["data"]


def test_the_clock_can_be_set_run_and_frozen(inspector: Session) -> None:
    """The clock's buttons do what they say, and the page says what it is since."""
    page, clock = inspector.page, inspector.clock
    now = inspector.sandbox.clock.now

    inspector.button("Run").click()
    expect(clock).to_contain_text("running")
    page.get_by_label("Speed").select_option("3600")
    expect(clock).to_contain_text("running at speed 3600")
    expect(clock).to_contain_text("2026-03-01 13:")
    inspector.button("Freeze").click()
    expect(clock).to_contain_text("frozen")
    page.get_by_label("Set to").fill("2026-05-06T07:08:09")
    inspector.button("Set").click()
    expect(clock).to_contain_text("2026-05-06 07:08:09 UTC frozen")
    assert now(api_key=KEY) == datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
    page.get_by_role("button", name="Advance by 1 h").click()
    page.get_by_role("button", name="Advance by 6 h").click()
    expect(clock).to_contain_text("2026-05-06 14:08:09")
    inspector.client.trackings.create(*TRACKING)
    page.get_by_label("Set to").fill("2026-01-01T00:00:00")
    inspector.button("Set").click()
    expect(inspector.notice).to_contain_text("cannot set the clock back")


def test_a_webhook_target_can_be_added_and_removed(inspector: Session) -> None:
    """The form makes a target with all that it offers; what the sandbox rejects is reported."""
    webhooks = inspector.go("Webhooks")
    webhooks.get_by_label("URL on this machine").fill("http://127.0.0.1:9/hook")
    webhooks.get_by_label("delivered", exact=True).check()
    webhooks.get_by_text("Delivery options").click()
    webhooks.get_by_label("Send each delivery twice").check()
    webhooks.get_by_label("Sign retries anew").uncheck()
    webhooks.get_by_label("Form of the body").select_option("2017")
    webhooks.get_by_label("Corruption").select_option("signature")
    webhooks.get_by_label("Delay in seconds").fill("60")
    inspector.button("Add target").click()
    expect(webhooks.get_by_role("region", name="Targets")).to_contain_text(
        "delivered; retried unless the response is 200; retries not signed anew; sent twice; "
        "form of 2017; corruption: signature; delayed by 60 s"
    )
    (target,) = inspector.sandbox.webhooks.targets(api_key=KEY)

    assert target.statuses == ("delivered",)
    assert (target.duplicate, target.corrupt, target.delay_seconds) == (True, "signature", 60)
    assert (target.form, target.re_sign) == ("2017", False)
    webhooks.get_by_label("URL on this machine").fill("http://169.254.169.254/")
    inspector.button("Add target").click()
    expect(inspector.notice).to_contain_text("169.254.169.254")
    inspector.button("Remove http://127.0.0.1:9/hook").click()
    expect(webhooks.get_by_text("No targets yet")).to_be_visible()
    assert inspector.sandbox.webhooks.targets(api_key=KEY) == []


def test_deliveries_name_target_tracking_and_failure(
    inspector: Session, receiver: WebhookReceiver
) -> None:
    """Without opening a delivery, one sees where it went, what about, and why it failed."""
    inspector.sandbox.webhooks.add(f"{receiver.url}good", api_key=KEY)
    inspector.sandbox.webhooks.add("http://127.0.0.1:9/bad", api_key=KEY)
    inspector.client.trackings.create("ups", "SANDBOX-DELIVERED_one")
    inspector.sandbox.clock.advance(timedelta(minutes=5), api_key=KEY)
    webhooks = inspector.go("Webhooks")
    summaries = webhooks.locator(".delivery summary")
    expect(summaries).to_have_count(2)
    good = summaries.filter(has_text=f"To {receiver.url}good")
    bad = summaries.filter(has_text="To http://127.0.0.1:9/bad")

    expect(good).to_contain_text("SANDBOX-DELIVERED_one")
    expect(good.locator(".failure")).to_have_count(0)
    expect(bad).to_contain_text("SANDBOX-DELIVERED_one")
    expect(bad.locator(".failure")).to_have_text(re.compile("Last attempt: .+"))
    # It is the tracking that is delivered, not the webhook.
    expect(bad.locator(".status")).to_have_text("status delivered")
    expect(bad.locator(".outcome")).to_contain_text("waiting until")
    inspector.button("Remove http://127.0.0.1:9/bad").click()
    expect(summaries.filter(has_text="To a removed target")).to_have_count(1)


def test_a_tracking_is_created_from_a_scenario(inspector: Session) -> None:
    """The form suggests scenarios, says what is wrong with a number, and shows the timeline."""
    inspector.go("Trackings")
    inspector.button("Create tracking").click()
    dialog = inspector.page.get_by_role("dialog", name="Create a tracking")
    number = dialog.get_by_label("Scenario or tracking number")
    expect(number).to_have_value("SANDBOX-TRANSIT-1H-DELIVERED")
    dialog.get_by_label("Example").select_option("SANDBOX-EXCEPTION006")
    expect(number).to_have_value("SANDBOX-EXCEPTION006")
    number.fill("SANDBOX-DELIVERD")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("status")).to_contain_text("invalid scenario 'SANDBOX-DELIVERD'")
    number.fill("SANDBOX-TRANSIT-2H-DELIVERED_mine")
    dialog.get_by_role("combobox", name="Carrier", exact=True).fill("dhl")
    number.press("Enter")

    expect(dialog).to_be_hidden()
    expect(inspector.page.locator(".timeline-panel h2")).to_contain_text("_mine transit")
    (tracking,) = inspector.sandbox.trackings(api_key=KEY)
    assert (tracking.carrier_code, tracking.tracking_number) == (
        "dhl",
        "SANDBOX-TRANSIT-2H-DELIVERED_mine",
    )
    inspector.button("Create tracking").click()
    expect(dialog.get_by_role("status")).to_be_empty()
    inspector.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(inspector.page.locator(".timeline-panel")).to_be_visible()


def test_the_first_tracking_can_be_created_in_the_page(browser: Browser) -> None:
    """Without any account, the tracking is created in that of the key which the sandbox prints."""
    with new_session(browser, is_used=False) as session:
        session.open()
        session.button("Create tracking").click()
        session.page.get_by_role("dialog").get_by_role("button", name="Create").click()

        expect(session.notice).to_contain_text("in the account ****0001")
        expect(session.page.locator(".timeline-panel h2")).to_contain_text(
            "SANDBOX-TRANSIT-1H-DELIVERED"
        )
        assert len(session.sandbox.trackings()) == 1


# Faults and account


def test_a_fault_set_in_the_page_meets_the_next_call(inspector: Session) -> None:
    """What is planned with the form happens to the next request, and is unused until then."""
    faults = inspector.go("Faults")
    faults.get_by_role("combobox", name="Operation").select_option("getAccount")
    faults.get_by_role("combobox", name="Fault").select_option("code=CODE[/after]")
    expect(faults.get_by_label("Instruction")).to_have_value("code=4031")
    inspector.button("Add fault").click()
    expect(faults).to_contain_text("1 unused")
    faults.get_by_label("Instruction").fill("status=503")
    inspector.button("Add fault").click()
    expect(faults).to_contain_text("2 unused")
    with pytest.raises(TrackingMoreError, match="4031"):
        inspector.client.account.get()
    expect(faults).to_contain_text("1 unused")
    faults.get_by_label("Instruction").fill("no such fault")
    inspector.button("Add fault").click()
    expect(inspector.notice).to_contain_text("unknown fault")
    inspector.button("Clear all").click()
    expect(faults.get_by_text("No faults are planned")).to_be_visible()
    assert inspector.client.account.get().email
    inspector.go("Requests")
    expect(inspector.rows.filter(has_text="code=4031")).to_have_count(1)


def test_a_late_response_does_not_bring_back_an_earlier_state(inspector: Session) -> None:
    """A refresh that overlaps a change is retried, since its response may be older."""
    page, faults = inspector.page, inspector.go("Faults")
    none = faults.get_by_text("No faults are planned")
    expect(none).to_be_visible()
    # The text is there from the start, and the form only after the first response.
    expect(faults.get_by_label("Instruction", exact=True)).not_to_have_value("")
    late: list[tuple[Route, APIResponse]] = []

    def delay_the_first(route: Route) -> None:
        if route.request.method == "GET" and not late:
            late.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/_sandbox/faults?*", delay_the_first)
    with page.expect_request("**/_sandbox/faults?*"):
        pass  # the next refresh; its response is from before the change, and arrives after it
    inspector.button("Add fault").click()
    expect(faults).to_contain_text("1 unused")
    none.evaluate(
        "(element) => new MutationObserver(() => { if (!element.hidden) element.title = 'shown' })"
        ".observe(element, { attributeFilter: ['hidden'] })"
    )
    ((route, response),) = late
    with page.expect_request("**/_sandbox/faults?*"):
        route.fulfill(response=response)

    expect(faults).to_contain_text("1 unused")
    assert none.get_attribute("title") is None


def test_one_fault_can_be_taken_out_of_a_plan(inspector: Session) -> None:
    """Remove takes the one instruction, and leaves the others and the plan's chance alone."""
    plan = {"getAccount": ["delay=1", "status=503"], "*": ["html"]}
    inspector.sandbox.faults.random(plan, probability=0.25, seed=7, name="mine", api_key=KEY)
    faults = inspector.go("Faults")
    expect(faults).to_contain_text("random: probability 0.25, seed 7")
    inspector.button("Remove delay=1 from getAccount").click()
    expect(faults.locator(".instructions code")).to_have_text(["status=503", "html"])
    expect(faults).to_contain_text("random: probability 0.25, seed 7")


def test_quota_and_limits_can_be_changed(inspector: Session) -> None:
    """The account shows what was used, and takes other limits."""
    inspector.client.trackings.create(*TRACKING)
    account = inspector.go("Account")
    expect(account).to_contain_text("1 of 1,000,000 trackings")
    account.get_by_label("Quota of trackings").fill("2")
    inspector.button("Save").click()
    expect(account).to_contain_text("1 of 2 trackings")
    switch = account.get_by_role("switch", name="Rate limits")
    expect(switch).not_to_be_checked()
    switch.click()
    expect(switch).to_be_checked()
    expect(switch).to_be_focused()
    state = inspector.sandbox.account.get(api_key=KEY)

    assert (state.quota, state.rate_limited) == (2, True)
    inspector.page.once("dialog", lambda dialog: dialog.accept())
    inspector.button("Reset account").click()
    expect(account).to_contain_text("0 of 1,000,000 trackings")
    assert inspector.sandbox.trackings(api_key=KEY) == []


def test_accounts_are_apart(inspector: Session) -> None:
    """The page shows one account, and the choice of another shows that one's things only."""
    inspector.client.account.get()
    expect(inspector.rows).to_have_count(1)
    with TrackingMore(OTHER_KEY, base_url=inspector.sandbox.base_url) as other:
        other.trackings.create(*TRACKING)
        other.trackings.get(*TRACKING)
    used = r"last used \d{4}-\d\d-\d\d \d\d:\d\d UTC \([0-9a-f]{12}\)"
    expect(inspector.accounts.locator("option")).to_have_text(
        [
            "All accounts: 3 requests",
            "Without account: 0 requests",
            re.compile(rf"\*{{4}}beef: 2 requests, 1 tracking, {used}"),
            re.compile(rf"\*{{4}}89ab: 1 request, 0 trackings, {used}"),
        ]
    )
    inspector.choose("beef")

    expect(inspector.rows).to_have_count(2)
    expect(inspector.rows.first).to_contain_text("getTracking")
    inspector.client.carriers.list()
    expect(inspector.rows).to_have_count(2)
    inspector.page.reload()
    expect(inspector.rows).to_have_count(2)


def test_the_last_active_account_is_opened(session: Session) -> None:
    """Without a choice, that is the one that was used last; a choice lasts as long as the tab."""
    session.client.account.get()
    with TrackingMore(OTHER_KEY, base_url=session.sandbox.base_url) as other:
        other.carriers.list()
    session.open()
    expect(session.rows).to_contain_text(["listCarriers"])
    session.client.account.get()
    expect(session.accounts.locator("option").nth(2)).to_contain_text("****89ab: 2 requests")
    expect(session.rows).to_contain_text(["listCarriers"])
    session.page.reload()
    expect(session.rows).to_contain_text(["getAccount", "getAccount"])
    session.choose("beef")
    expect(session.rows).to_contain_text(["listCarriers"])
    session.page.reload()
    expect(session.rows).to_contain_text(["listCarriers"])


def test_requests_without_a_valid_key_are_shown(browser: Browser) -> None:
    """A wrong key has no account, but its requests are counted and shown, and the key is masked."""
    with new_session(browser, is_used=False) as session:
        url = f"{session.sandbox.base_url}/trackings/get"
        session.http.get(url, headers={API_KEY_HEADER: "a-key-of-another-api"})
        httpx2.get(f"{url}?none", trust_env=False)
        session.open()
        expect(session.accounts).to_have_value("all")
        session.choose("Without account: 2 requests")
        expect(session.rows).to_contain_text(["no key", "invalid key"])
        session.rows.last.click()

        expect(session.detail).to_contain_text("****-api")
        expect(session.detail).to_contain_text("without account")
        assert "a-key-of-another" not in session.page.content()
        session.client.account.get()
        expect(session.accounts.locator("option")).to_have_count(3)
        expect(session.rows).to_have_count(2)
        session.go("Trackings")
        expect(session.page.get_by_text("This section shows one account.")).to_be_visible()
        session.choose("89ab")
        expect(session.page.get_by_text("No trackings yet.")).to_be_visible()


def test_requests_to_an_unknown_host_are_shown(inspector: Session) -> None:
    """They belong to no account, although their key is valid."""
    url = f"{inspector.sandbox.base_url}/carriers"
    inspector.http.get(url, headers={"Host": "sandbox:8642"})
    inspector.choose("Without account: 1 request")

    expect(inspector.rows).to_contain_text("****89ab")
    expect(inspector.rows).to_contain_text("unknown host")
    inspector.rows.click()
    expect(inspector.detail).to_contain_text("a host allowed with --allow-host")


def test_a_first_tracking_is_created_while_no_account_is_shown(browser: Browser) -> None:
    """A wrong key leaves requests but no account, and so nothing that could be chosen."""
    with new_session(browser, is_used=False) as session:
        session.http.get(session.sandbox.base_url, headers={API_KEY_HEADER: "wrong"})
        session.open()
        session.go("Trackings")
        session.button("Create tracking").click()
        session.page.get_by_role("dialog").get_by_role("button", name="Create").click()

        expect(session.accounts.locator("option:checked")).to_contain_text("****0001")
        expect(session.page.locator(".timeline-panel h2")).to_contain_text("SANDBOX-TRANSIT-1H")


def test_all_accounts_are_shown_in_one_stream(inspector: Session) -> None:
    """The stream has the requests of all accounts in one order, and each row names its account."""
    inspector.client.account.get()
    with TrackingMore(OTHER_KEY, base_url=inspector.sandbox.base_url) as other:
        other.carriers.list()
        inspector.choose("All accounts")
        httpx2.get(f"{inspector.sandbox.base_url}/carriers", trust_env=False)
        other.trackings.create(*TRACKING)
    owners = inspector.rows.locator(".owner")

    expect(owners).to_have_text(["****beef", "no key", "****beef", "****89ab"])
    expect(inspector.clock).to_contain_text("Each account has its own clock")
    inspector.page.get_by_label("Filter by text").fill("****beef")
    expect(owners).to_have_text(["****beef", "****beef"])
    inspector.page.get_by_label("Filter by text").fill("")
    inspector.page.once("dialog", lambda dialog: dialog.accept())
    inspector.button("Clear").click()
    expect(inspector.rows).to_have_count(0)
    assert inspector.sandbox.log(scope="all") == []


def test_rows_name_the_trackings_of_a_request(inspector: Session) -> None:
    """Whether they are in the path or the body; of a batch the first, and how many more."""
    inspector.client.trackings.create("ups", "SANDBOX-DELIVERED_one")
    inspector.client.trackings.create_many(
        {"carrier_code": "ups", "tracking_number": f"TEST000{number}"} for number in range(5)
    )
    inspector.client.trackings.get("ups", "TEST0003")

    expect(inspector.rows.locator(".named")).to_have_text(
        ["TEST0003", "TEST0000 and 4 more", "SANDBOX-DELIVERED_one"]
    )
    inspector.rows.nth(1).click()
    expect(inspector.detail).to_contain_text("ups TEST0000, ups TEST0001, ups TEST0002, and 2 more")


def test_long_paths_can_be_read_to_their_end(inspector: Session) -> None:
    """A row cuts a path at its width; its title and its details have all of it."""
    target = f"/trackings/{'long/' * 50}end?{'a=1&' * 50}end"
    inspector.http.get(f"{inspector.sandbox.base_url}{target}")
    what, heading = inspector.rows.locator(".what"), inspector.detail.get_by_role("heading").first
    expect(what).to_have_attribute("title", f"GET /v2{target}")
    inspector.rows.click()

    expect(heading).to_have_text(f"GET /v2{target}")
    assert heading.evaluate("(each) => each.scrollWidth <= each.clientWidth")


def test_times_say_whose_clock_they_are_of(inspector: Session) -> None:
    """The account's clock stands beside the real time, in the head and for each request."""
    inspector.client.account.get()
    clock = inspector.clock
    inspector.page.clock.set_fixed_time(datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC))
    (exchange,) = inspector.sandbox.log(api_key=KEY)

    expect(clock).to_contain_text("Account's clock 2026-03-01 12:00:00 UTC frozen")
    expect(clock).to_contain_text("Real time 2031-05-06 07:08:09 UTC")
    expect(inspector.page.locator(".row.head")).to_contain_text("Account's clock")
    inspector.rows.click()
    expect(inspector.detail).to_contain_text("Account's clock2026-03-01 12:00:00 UTC")
    expect(inspector.detail).to_contain_text(
        f"Real time{exchange.arrived_at:%Y-%m-%d %H:%M:%S} UTC"
    )
    webhooks = inspector.go("Webhooks")
    expect(webhooks).to_contain_text("All times are in UTC by the account's clock.")


def test_the_log_is_exported_as_har(inspector: Session) -> None:
    """The file has the requests of the account or the stream that is shown."""
    inspector.client.trackings.create(*TRACKING)
    httpx2.get(f"{inspector.sandbox.base_url}/carriers", trust_env=False)
    expect(inspector.rows).to_have_count(1)
    for choice, methods in (("89ab", ["POST"]), ("All accounts", ["POST", "GET"])):
        inspector.choose(choice)
        with inspector.page.expect_download() as download:
            inspector.button("Export as HAR").click()
        content = download.value.path().read_text()
        entries = json.loads(content)["log"]["entries"]

        assert download.value.suggested_filename == "sandbox.har"
        assert [each["request"]["method"] for each in entries] == methods
        assert KEY not in content


def test_a_fresh_sandbox_offers_commands_that_work(browser: Browser) -> None:
    """Without any request, the page has commands to copy; their request appears."""
    with new_session(browser, is_used=False) as session:
        session.open()
        commands = session.page.get_by_label("Commands")
        expect(commands).to_contain_text(f"export TRACKINGMORE_API_KEY={API_KEY}")
        expect(commands).to_contain_text(f"export TRACKINGMORE_BASE_URL={session.sandbox.base_url}")
        session.button("Copy commands").click()
        expect(session.notice).to_contain_text("Copied the commands")
        copied: str = session.page.evaluate("navigator.clipboard.readText()")
        if not shutil.which("curl"):
            report_missing("curl is not installed: apt-get install curl")
        environment = {**os.environ, "NO_PROXY": "*"}
        subprocess.run(  # noqa: S603 - what our own page made
            ["sh", "-c", copied],  # noqa: S607 - the shell of the machine
            capture_output=True,
            check=True,
            env=environment,
        )

        expect(session.rows).to_contain_text(["createTracking SANDBOX-TRANSIT-1H-DELIVERED"])
        expect(commands).to_be_hidden()
        expect(session.accounts.locator("option").nth(2)).to_contain_text("****0001: 1 request")
        assert len(session.sandbox.trackings()) == 1


def test_nothing_is_called_empty_before_it_was_loaded(session: Session) -> None:
    """A note that there is nothing waits for the first response."""
    late: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append(route)

    session.page.route("**/_sandbox/log?*", hold_the_first)
    with session.page.expect_request("**/_sandbox/log?*"):
        session.page.goto(session.sandbox.inspector_url)
    none = session.page.get_by_text("No requests yet.")
    expect(session.clock).to_contain_text("frozen")
    expect(none).to_be_hidden()
    late[0].continue_()

    expect(none).to_be_visible()


# What must never happen


def test_data_never_becomes_markup(inspector: Session) -> None:
    """A title that is HTML is shown letter by letter, wherever it is shown."""
    inspector.client.trackings.create("ups", "SANDBOX-DELIVERED", title=MARKUP, order_id=MARKUP)
    inspector.http.post(
        f"{inspector.sandbox.base_url}/{MARKUP}?{MARKUP}",
        headers={"User-Agent": MARKUP},
        json={"tracking_number": MARKUP, "carrier_code": MARKUP},
    )
    inspector.http.get(
        f"{inspector.sandbox.base_url}/{MARKUP}", headers={API_KEY_HEADER: MARKUP * 2}
    )
    trackings = inspector.go("Trackings")
    trackings.get_by_role("button", name="SANDBOX-DELIVERED").click()
    expect(trackings.get_by_role("definition").filter(has_text=MARKUP)).to_have_count(2)
    inspector.go("Requests")
    inspector.rows.first.click()
    expect(inspector.detail).to_contain_text("onerror")
    inspector.rows.last.click()
    expect(inspector.detail).to_contain_text("onerror")
    inspector.choose("All accounts")
    expect(inspector.rows.filter(has_text="invalid key")).to_contain_text(["<img"])
    inspector.choose("89ab")
    inspector.go("Trackings")
    inspector.button("Create tracking").click()
    inspector.page.get_by_label("Scenario or tracking number").fill(MARKUP)
    inspector.page.keyboard.press("Enter")
    expect(inspector.page.get_by_role("dialog")).to_contain_text("invalid tracking number")
    inspector.page.keyboard.press("Escape")

    assert inspector.page.locator("img[onerror]").count() == 0
    assert inspector.page.title() == "Sandbox inspector"


def test_the_key_is_nowhere_on_the_page(inspector: Session, receiver: WebhookReceiver) -> None:
    """Whatever is shown or kept in the browser, the key is not there."""
    inspector.sandbox.webhooks.add(receiver.url, api_key=KEY)
    inspector.client.trackings.create(*TRACKING)
    inspector.http.post(f"{inspector.sandbox.base_url}/{KEY}?key={KEY}", content=f'{{"k":"{KEY}"}}')
    seen = ""
    for index in range(2):
        inspector.rows.nth(index).click()
        seen += inspector.page.content()
    for section in SECTIONS:
        inspector.go(section)
        expect(inspector.page.get_by_role("tabpanel", name=section)).to_be_visible()
        seen += inspector.page.content()
    seen += inspector.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")

    assert KEY not in seen.lower()
    assert KEY.replace("-", "") not in seen.lower()
    assert "****" in seen
