"""A verb's result with the answer as it came."""

import httpx2
import pytest

from tests.overlay.stubs import Recorder, async_client_of, client_of, refusal
from trackingmore_v2 import TrackingNotFound, models
from trackingmore_v2_api.operations.account import get_account

BODY = b'{"meta":{"code":200},"data":{"email":"user@example.com","x_new":1}}'


def answer(_request: httpx2.Request) -> httpx2.Response:
    """Answer with a header of the server's own."""
    return httpx2.Response(200, content=BODY, headers={"X-Trace": "7"})


def test_the_answer_comes_with_the_result() -> None:
    """Status, headers and bytes stand beside what the verb gives."""
    client = client_of(answer)
    raw = client.raw(client.account.get)

    assert raw.parsed == models.Account(email="user@example.com")
    assert (raw.status, raw.headers["x-trace"], raw.body) == (200, "7", BODY)
    assert len(raw.replies) == 1


async def test_the_async_answer_comes_with_the_result() -> None:
    """The same, awaited."""
    client = async_client_of(answer)
    raw = await client.raw(client.account.get)

    assert raw.parsed == models.Account(email="user@example.com")
    assert (raw.status, raw.headers["x-trace"], raw.body) == (200, "7", BODY)


def test_arguments_go_to_the_verb() -> None:
    """Positional and named arguments arrive."""
    server = Recorder(refusal(4017))
    client = client_of(server)
    with pytest.raises(TrackingNotFound) as caught:
        client.raw(client.trackings.get, "ups", "1Z97X17XYW06605211", lang="en")

    assert server.requests[0].url.path.endswith("/trackings/ups/1Z97X17XYW06605211/en")
    assert caught.value.body == refusal(4017)


@pytest.mark.parametrize("verb", [print, lambda: None, get_account.call])
def test_only_a_verb_will_do(verb: object) -> None:
    """Anything else is refused before it is called."""
    with pytest.raises(TypeError, match="takes a verb"):
        client_of(answer).raw(verb)  # type: ignore[arg-type]  # on purpose


def test_a_verb_of_the_other_kind_will_not_do() -> None:
    """A blocking client cannot run an awaited verb."""
    with pytest.raises(TypeError, match="takes a verb"):
        client_of(answer).raw(async_client_of(answer).account.get)


def test_a_list_makes_no_call_by_itself() -> None:
    """A list has no answer until it is read."""
    client = client_of(answer)
    with pytest.raises(TypeError, match="a list does not"):
        client.raw(client.trackings.list)


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
