"""The recorder of a client: results as ever, with the responses they were parsed from."""

import httpx2
import pytest

from tests.overlay.stubs import KEY, URL, Recorder, async_client_of, client_of, error_response
from trackingmore_v2 import TrackingMore, TrackingNotFound, models
from trackingmore_v2_api.operations.account import get_account

BODY = b'{"meta":{"code":200},"data":{"email":"user@example.com","x_new":1}}'


def respond(_request: httpx2.Request) -> httpx2.Response:
    """Return a response with a header of the server's own."""
    return httpx2.Response(200, content=BODY, headers={"X-Trace": "7"})


def test_a_response_is_recorded() -> None:
    """Status, headers and bytes are available beside the result."""
    recorder = client_of(respond).recorder()
    account = recorder.account.get()
    (response,) = recorder.responses

    assert account == models.Account(email="user@example.com")
    assert (response.status, response.headers["x-trace"], response.body) == (200, "7", BODY)


async def test_an_async_response_is_recorded() -> None:
    """The same, awaited."""
    recorder = async_client_of(respond).recorder()
    account = await recorder.account.get()
    (response,) = recorder.responses

    assert account == models.Account(email="user@example.com")
    assert (response.status, response.headers["x-trace"], response.body) == (200, "7", BODY)


def test_the_response_of_an_error_is_recorded() -> None:
    """A call that raises leaves its response, too."""
    server = Recorder(error_response(4017))
    recorder = client_of(server).recorder()
    with pytest.raises(TrackingNotFound) as caught:
        recorder.trackings.get("ups", "1Z97X17XYW06605211", lang="en")

    assert server.requests[0].url.path.endswith("/trackings/ups/1Z97X17XYW06605211/en")
    assert caught.value.body == error_response(4017) == recorder.responses[0].body


LISTED = (
    b'{"meta":{"code":200},"data":{"page":1,"limit":2000,"total":"1","count":1,"items":[{"id":"1",'
    b'"tracking_number":"LK664578623CN","carrier_code":"usps","status":"transit","created_at":""}]}}'
)


def test_the_pages_of_a_list_are_recorded() -> None:
    """Each page adds its response when it is read."""
    recorder = client_of(Recorder(LISTED)).recorder()
    pages = recorder.trackings.list(status="transit").pages()
    assert recorder.responses == []
    (page,) = pages

    assert [tracking.tracking_number for tracking in page.items] == ["LK664578623CN"]
    assert [response.body for response in recorder.responses] == [LISTED]


async def test_the_pages_of_an_async_list_are_recorded() -> None:
    """The same, for `async for`."""
    recorder = async_client_of(Recorder(LISTED)).recorder()
    (page,) = [page async for page in recorder.trackings.list(status="transit").pages()]

    assert [tracking.tracking_number for tracking in page.items] == ["LK664578623CN"]
    assert [response.body for response in recorder.responses] == [LISTED]


def test_several_calls_have_several_responses() -> None:
    """A batch of three calls has three responses and one report."""
    server = Recorder(error_response(4012))
    items = [("usps", f"LK{number:09}CN") for number in range(401)]
    recorder = client_of(server).recorder()
    report = recorder.trackings.delete_many(items)

    assert len(recorder.responses) == len(server.requests) == 3
    assert len(report) == 401
    assert repr(recorder) == "<Recorder of 3 responses>"


def test_the_cache_is_not_used() -> None:
    """A recorded response is one that was received now."""
    server = Recorder(b'{"meta":{"code":200},"data":[]}')
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = TrackingMore(KEY, base_url=URL, cache_carriers=True, http_client=http)
    client.carriers.list()
    recorder = client.recorder()
    recorder.carriers.list()
    recorder.carriers.list()

    assert len(server.requests) == 3
    assert len(recorder.responses) == 2


def test_two_recorders_record_apart() -> None:
    """Each recorder has the responses of its own calls only."""
    client = client_of(respond)
    first, second = client.recorder(), client.recorder()
    first.account.get()

    assert (len(first.responses), len(second.responses)) == (1, 0)


def test_any_call_of_the_generated_layer_can_be_made() -> None:
    """`call` returns the whole envelope, and raises the errors of a method."""
    whole = client_of(respond).call(get_account.call())

    assert whole.meta.code == 200
    assert whole.data.email == "user@example.com"
    with pytest.raises(TrackingNotFound):
        client_of(Recorder(error_response(4017))).call(get_account.call())


async def test_any_call_can_be_awaited() -> None:
    """The same, awaited."""
    whole = await async_client_of(respond).call(get_account.call())

    assert whole.data.email == "user@example.com"
