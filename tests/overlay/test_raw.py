"""A verb's result with the answer as it came."""

from inspect import signature

import httpx2
import pytest

from tests.overlay.stubs import KEY, URL, Recorder, async_client_of, client_of, refusal
from trackingmore_v2 import InvalidInput, TrackingMore, TrackingNotFound, models
from trackingmore_v2_api.operations.account import get_account

BODY = b'{"meta":{"code":200},"data":{"email":"user@example.com","x_new":1}}'


def answer(_request: httpx2.Request) -> httpx2.Response:
    """Answer with a header of the server's own."""
    return httpx2.Response(200, content=BODY, headers={"X-Trace": "7"})


def test_the_answer_comes_with_the_result() -> None:
    """Status, headers and bytes stand beside what the verb gives."""
    client = client_of(answer)
    raw = client.raw.account.get()

    assert raw.parsed == models.Account(email="user@example.com")
    assert (raw.status, raw.headers["x-trace"], raw.body) == (200, "7", BODY)
    assert len(raw.responses) == 1


async def test_the_async_answer_comes_with_the_result() -> None:
    """The same, awaited."""
    client = async_client_of(answer)
    raw = await client.raw.account.get()

    assert raw.parsed == models.Account(email="user@example.com")
    assert (raw.status, raw.headers["x-trace"], raw.body) == (200, "7", BODY)


def test_arguments_go_to_the_verb() -> None:
    """Positional and named arguments arrive."""
    server = Recorder(refusal(4017))
    client = client_of(server)
    with pytest.raises(TrackingNotFound) as caught:
        client.raw.trackings.get("ups", "1Z97X17XYW06605211", lang="en")

    assert server.requests[0].url.path.endswith("/trackings/ups/1Z97X17XYW06605211/en")
    assert caught.value.body == refusal(4017)


LISTED = (
    b'{"meta":{"code":200},"data":{"page":1,"limit":2000,"total":"1","count":1,"items":[{"id":"1",'
    b'"tracking_number":"LK664578623CN","carrier_code":"usps","status":"transit","created_at":""}]}}'
)


def test_a_list_gives_its_pages_with_their_answers() -> None:
    """Nothing is sent until they are read."""
    server = Recorder(LISTED)
    pages = client_of(server).raw.trackings.list(status="transit")
    assert server.requests == []
    (page,) = pages

    assert [parcel.tracking_number for parcel in page.parsed.items] == ["LK664578623CN"]
    assert page.body == LISTED


async def test_an_async_list_gives_its_pages_with_their_answers() -> None:
    """The same, for `async for`."""
    found = async_client_of(Recorder(LISTED)).raw.trackings.list(status="transit")
    (page,) = [page async for page in found]

    assert [parcel.tracking_number for parcel in page.parsed.items] == ["LK664578623CN"]
    assert page.body == LISTED


def test_a_wrong_filter_is_told_at_once() -> None:
    """Before the first page is asked for."""
    with pytest.raises(InvalidInput):
        client_of(answer).raw.trackings.list(status="teleported")


def test_several_calls_give_several_answers() -> None:
    """A batch of three calls has three replies, and its report."""
    server = Recorder(refusal(4012))
    items = [("usps", f"LK{number:09}CN") for number in range(401)]
    raw = client_of(server).raw.trackings.delete_many(items)

    assert len(raw.responses) == len(server.requests) == 3
    assert len(raw.parsed) == 401


def test_nothing_comes_from_the_cache() -> None:
    """A raw answer is one that came now."""
    server = Recorder(b'{"meta":{"code":200},"data":[]}')
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = TrackingMore(KEY, base_url=URL, cache_carriers=True, http_client=http)
    client.carriers.list()
    client.raw.carriers.list()

    assert len(server.requests) == 2


def test_every_verb_that_sends_has_a_raw_twin() -> None:
    """The same names on both clients; only the iterators of outcomes have none."""
    for client, raw in (
        (client_of(answer), client_of(answer).raw),
        (async_client_of(answer), async_client_of(answer).raw),
    ):
        for name, resource in vars(raw).items():
            wanted = {verb for verb in vars(type(getattr(client, name))) if verb[0] != "_"}
            given = {verb for verb in vars(type(resource)) if verb[0] != "_"}

            assert given == {verb for verb in wanted if not verb.startswith("iter_")}


def test_a_raw_verb_shows_its_parameters() -> None:
    """At the prompt it looks like the verb that it is."""
    client = client_of(answer)

    assert signature(client.raw.trackings.get) == signature(client.trackings.get)
    assert client.raw.trackings.get.__doc__ == client.trackings.get.__doc__


def test_any_call_of_the_generated_layer_can_be_made() -> None:
    """`call` gives the whole answer, and refuses like a verb."""
    whole = client_of(answer).call(get_account.call())

    assert whole.meta.code == 200
    assert whole.data.email == "user@example.com"
    with pytest.raises(TrackingNotFound):
        client_of(Recorder(refusal(4017))).call(get_account.call())


async def test_any_call_can_be_awaited() -> None:
    """The same, awaited."""
    whole = await async_client_of(answer).call(get_account.call())

    assert whole.data.email == "user@example.com"
