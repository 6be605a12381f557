"""The raw responses of methods."""

from inspect import signature

import httpx2
import pytest

from tests.overlay.stubs import KEY, URL, Recorder, async_client_of, client_of, error_response
from trackingmore_v2 import InvalidInput, TrackingMore, TrackingNotFound, models
from trackingmore_v2_api.operations.account import get_account

BODY = b'{"meta":{"code":200},"data":{"email":"user@example.com","x_new":1}}'


def response(_request: httpx2.Request) -> httpx2.Response:
    """Answer with a header of the server's own."""
    return httpx2.Response(200, content=BODY, headers={"X-Trace": "7"})


def test_the_response_comes_with_the_result() -> None:
    """Status, headers and bytes come with the result of the method."""
    client = client_of(response)
    raw = client.raw.account.get()

    assert raw.parsed == models.Account(email="user@example.com")
    assert (raw.status, raw.headers["x-trace"], raw.body) == (200, "7", BODY)
    assert len(raw.responses) == 1


async def test_the_async_response_comes_with_the_result() -> None:
    """The same, awaited."""
    client = async_client_of(response)
    raw = await client.raw.account.get()

    assert raw.parsed == models.Account(email="user@example.com")
    assert (raw.status, raw.headers["x-trace"], raw.body) == (200, "7", BODY)


def test_arguments_go_to_the_method() -> None:
    """Positional and named arguments arrive."""
    server = Recorder(error_response(4017))
    client = client_of(server)
    with pytest.raises(TrackingNotFound) as caught:
        client.raw.trackings.get("ups", "1Z97X17XYW06605211", lang="en")

    assert server.requests[0].url.path.endswith("/trackings/ups/1Z97X17XYW06605211/en")
    assert caught.value.body == error_response(4017)


LISTED = (
    b'{"meta":{"code":200},"data":{"page":1,"limit":2000,"total":"1","count":1,"items":[{"id":"1",'
    b'"tracking_number":"LK664578623CN","carrier_code":"usps","status":"transit","created_at":""}]}}'
)


def test_a_list_gives_its_pages_with_their_responses() -> None:
    """Nothing is sent until they are read."""
    server = Recorder(LISTED)
    pages = client_of(server).raw.trackings.list(status="transit")
    assert server.requests == []
    (page,) = pages

    assert [parcel.tracking_number for parcel in page.parsed.items] == ["LK664578623CN"]
    assert page.body == LISTED


async def test_an_async_list_gives_its_pages_with_their_responses() -> None:
    """The same, for `async for`."""
    found = async_client_of(Recorder(LISTED)).raw.trackings.list(status="transit")
    (page,) = [page async for page in found]

    assert [parcel.tracking_number for parcel in page.parsed.items] == ["LK664578623CN"]
    assert page.body == LISTED


def test_a_wrong_filter_raises_at_once() -> None:
    """Before the first page is asked for."""
    with pytest.raises(InvalidInput):
        client_of(response).raw.trackings.list(status="teleported")


def test_several_calls_give_several_responses() -> None:
    """A batch of three calls has three replies, and its report."""
    server = Recorder(error_response(4012))
    items = [("usps", f"LK{number:09}CN") for number in range(401)]
    raw = client_of(server).raw.trackings.delete_many(items)

    assert len(raw.responses) == len(server.requests) == 3
    assert len(raw.parsed) == 401


def test_nothing_comes_from_the_cache() -> None:
    """A raw response is never from the cache."""
    server = Recorder(b'{"meta":{"code":200},"data":[]}')
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = TrackingMore(KEY, base_url=URL, cache_carriers=True, http_client=http)
    client.carriers.list()
    client.raw.carriers.list()

    assert len(server.requests) == 2


def test_every_method_that_sends_has_a_raw_twin() -> None:
    """The same names on both clients; only the iterators of outcomes have none."""
    for client, raw in (
        (client_of(response), client_of(response).raw),
        (async_client_of(response), async_client_of(response).raw),
    ):
        for name, resource in vars(raw).items():
            wanted = {method for method in vars(type(getattr(client, name))) if method[0] != "_"}
            given = {method for method in vars(type(resource)) if method[0] != "_"}

            assert given == {method for method in wanted if not method.startswith("iter_")}


def test_a_raw_method_shows_its_parameters() -> None:
    """Its signature is that of the method."""
    client = client_of(response)

    assert signature(client.raw.trackings.get) == signature(client.trackings.get)
    assert client.raw.trackings.get.__doc__ == client.trackings.get.__doc__


def test_any_call_of_the_generated_layer_can_be_made() -> None:
    """`call` returns the whole response, and raises like a method."""
    whole = client_of(response).call(get_account.call())

    assert whole.meta.code == 200
    assert whole.data.email == "user@example.com"
    with pytest.raises(TrackingNotFound):
        client_of(Recorder(error_response(4017))).call(get_account.call())


async def test_any_call_can_be_awaited() -> None:
    """The same, awaited."""
    whole = await async_client_of(response).call(get_account.call())

    assert whole.data.email == "user@example.com"
