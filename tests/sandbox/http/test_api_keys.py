import sqlite3
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.sandbox.harness import OTHER_KEY, PAIR, Api
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, SqliteStore, create_app


@pytest.mark.behaviour("request.bad-key")
@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "secret",
        API_KEY[:-1],
        f"{API_KEY}0",
        API_KEY.replace("-", ""),
        API_KEY.replace("8", "g"),
        f"{{{API_KEY}}}",
    ],
)
def test_a_key_that_is_not_a_uuid_is_rejected(api: Api, key: str | None) -> None:
    """A missing, empty or malformed key is rejected with 4001."""
    assert api.call("getAccount", key=key).meta == {
        "code": 4001,
        "type": "Unauthorized",
        "message": "Invalid API key.",
    }


@pytest.mark.behaviour("request.key-first")
def test_the_key_is_checked_first(api: Api) -> None:
    """Without a key, responses do not reveal routes or errors of a body."""
    assert api.send("GET", "/nowhere", key=None).code == 4001
    assert api.send("DELETE", "/carriers", key=None).code == 4001
    assert api.call("createTracking", raw=b"{", key=None).code == 4001


@pytest.mark.behaviour("request.account", "identity.id-formula", "tenant.any-key")
def test_each_key_is_an_account_of_its_own(api: Api) -> None:
    """What one key creates, another one neither sees nor touches."""
    mine = api.create()

    assert api.call("getTracking", **PAIR, key=OTHER_KEY).code == 4017
    assert api.call("deleteTracking", **PAIR, key=OTHER_KEY).code == 4017
    assert api.call("listTrackings", key=OTHER_KEY).code == 4031
    assert api.call("createTracking", PAIR, key=OTHER_KEY).data["id"] != mine["id"]
    assert api.get()["id"] == mine["id"]


@pytest.mark.behaviour("request.key-first")
def test_a_key_in_capitals_is_the_same_key(api: Api) -> None:
    """A UUID means the same in either case."""
    key = "abcdef00-0000-4000-8000-00000000000a"
    api.call("createTracking", PAIR, key=key)

    assert api.call("getTracking", **PAIR, key=key.upper()).code == 200


@pytest.mark.behaviour("tenant.any-key")
def test_only_a_digest_of_the_key_is_stored(tmp_path: Path) -> None:
    """The database never holds a key."""
    path = tmp_path / "sandbox.sqlite3"
    store = SqliteStore(path)
    with TestClient(create_app(store), base_url="http://localhost") as client:
        client.post("/v2/trackings/post", json=PAIR, headers={API_KEY_HEADER: API_KEY})
    store.close()
    with sqlite3.connect(path) as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()

    assert PAIR["tracking_number"] in dump
    assert API_KEY not in dump
