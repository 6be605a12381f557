"""What is served without a token, for programs that start and watch a sandbox."""

from importlib.resources import files
from pathlib import Path

import pytest

from tests.sandbox.harness import Api, NewApi, admin_validator
from trackingmore_v2_sandbox import SqliteStore

PATH = "/_sandbox/health"


def test_health_needs_no_token_and_tells_nothing_of_accounts(new_api: NewApi) -> None:
    """The response is the same whatever the accounts hold."""
    api = new_api()
    before = api.http.get(PATH)
    api.create()

    assert before.status_code == 200
    assert before.content == api.http.get(PATH).content
    assert before.json()["data"] == {"status": "ok"}
    admin_validator("HealthView").validate(before.json()["data"])
    assert api.http.head(PATH).status_code == 200
    assert api.http.post(PATH).status_code == 405
    assert api.http.get(PATH, headers={"Host": "evil.example"}).status_code == 403


def test_a_database_that_cannot_be_read_is_503(caplog: pytest.LogCaptureFixture) -> None:
    """The reason is in the log, and not in the response."""
    store = SqliteStore()
    api = Api(store=store)
    store.close()
    response = api.http.get(PATH)

    assert response.status_code == 503
    assert response.json()["data"] == []
    assert "closed" in caplog.text
    assert "closed" not in response.text


def test_the_contract_is_served_without_a_token(new_api: NewApi) -> None:
    """It is the file of the repository, which the generated package holds."""
    api = new_api()
    served = api.http.get("/_sandbox/openapi.yaml")

    assert served.content == Path(__file__).parents[3].joinpath("openapi.yaml").read_bytes()
    assert served.content == files("trackingmore_v2_api").joinpath("openapi.yaml").read_bytes()
    assert served.headers["Content-Type"].startswith("text/plain")
