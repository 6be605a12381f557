import json

import pytest

from tests.sandbox.harness import PAIR, Api, check
from trackingmore_v2_api import OPERATIONS


@pytest.mark.behaviour("request.http-status", "request.unknown-route")
@pytest.mark.parametrize(
    "path",
    ["", "/", "/nope", "/trackings", "/trackings/nope", "/trackings/a/b/cc/d", "/v2/carriers"],
)
def test_an_unknown_route_is_404_in_the_envelope(api: Api, path: str) -> None:
    """With HTTP status 200, like every error."""
    response = api.send("GET", path)

    assert response.meta == {
        "code": 404,
        "type": "Not Found",
        "message": "Resource was not found.",
    }
    assert response.data == []


def test_a_route_outside_the_base_path_is_404_too(api: Api) -> None:
    """Every path of the server responses in the envelope."""
    headers = {"Trackingmore-Api-Key": "00000000-0000-4000-8000-000000000001"}
    response = api.http.get("http://localhost/carriers", headers=headers)

    assert response.status_code == 200
    assert response.json()["meta"]["code"] == 404


@pytest.mark.behaviour("request.wrong-method")
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/carriers", "GET"),
        ("GET", "/trackings/post", "POST"),
        ("PUT", "/trackings/get", "GET"),
        ("POST", "/trackings/usps/LK664578623CN", "DELETE, GET, PUT"),
        ("OPTIONS", "/carriers", "GET"),
        ("TRACE", "/carriers", "GET"),
    ],
)
def test_a_wrong_method_is_405_in_the_envelope(
    api: Api, method: str, path: str, allowed: str
) -> None:
    """The response names the methods of the route."""
    response = api.send(method, path)

    assert response.meta == {
        "code": 405,
        "type": "Method Not Allowed",
        "message": "Requested method is not supported for the specified resource.",
    }
    assert response.headers["Allow"] == allowed


@pytest.mark.behaviour("request.trailing-slash")
def test_every_route_tolerates_a_trailing_slash(api: Api) -> None:
    """Clients in use send it; no route redirects."""
    for operation in OPERATIONS.values():
        path = operation.path.format(lang="en", **PAIR)
        plain = api.send(operation.method, path, content=b"[]")
        slashed = api.send(operation.method, f"{path}/", content=b"[]")

        assert slashed.raw == plain.raw
        assert plain.code not in {404, 405}


@pytest.mark.behaviour("get.empty-language")
def test_an_empty_language_is_none(api: Api) -> None:
    """The official PHP client sends the path of a language without one."""
    api.create()
    api.advance(days=5)
    path = OPERATIONS["getLocalizedTracking"].path.format(lang="", **PAIR)
    response = api.send("GET", path)

    assert path.endswith(f"{PAIR['tracking_number']}/")
    assert response.data["status"] != "pending"
    assert response.raw == api.call("getTracking", **PAIR).raw


@pytest.mark.behaviour("list.post")
def test_the_list_takes_its_query_as_a_body(api: Api) -> None:
    """The official PHP clients send the list's query by POST, with null for what is not given."""
    api.create(order_id="#1")
    api.create(tracking_number="RP893531375CN", order_id="#2")
    query = {"page": 1, "limit": "50", "orders": ["#2"], "status": None, "lang": "", "x": 1}
    response = api.send("POST", "/trackings/get", content=json.dumps(query).encode())
    check("listTrackings", response.raw)

    assert [item["order_id"] for item in response.data["items"]] == ["#2"]
    assert response.data["limit"] == 50


@pytest.mark.behaviour("list.post-query")
@pytest.mark.parametrize("body", [b"", b"{}", b'{"numbers": null}'])
def test_a_query_by_post_may_be_in_the_url(api: Api, body: bytes) -> None:
    """The official Java class sends it so, with an empty body."""
    api.create()
    query = f"page=1&limit=25&numbers={PAIR['tracking_number']}"
    found = api.send("POST", f"/trackings/get?{query}", content=body)
    missing = api.send("POST", "/trackings/get?numbers=NOSUCH12345", content=body)

    assert (found.data["limit"], found.data["count"], missing.code) == (25, 1, 4031)
    assert "method: expected GET, got POST" in found.headers["X-Sandbox-Hint"]


@pytest.mark.behaviour("list.post-query")
def test_the_body_of_a_query_by_post_takes_precedence(api: Api) -> None:
    """Both are read."""
    api.create()
    body = json.dumps({"limit": 5}).encode()
    response = api.send("POST", "/trackings/get?limit=2&numbers=LK664578623CN", content=body)

    assert (response.data["limit"], response.data["count"]) == (5, 1)


@pytest.mark.behaviour("count.post")
@pytest.mark.parametrize("query", ["", "?created_at_min=0"])
@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"created_at_min": 0, "order_created_time_min": null}']
)
def test_counts_are_queried_by_post_too(api: Api, query: str, body: bytes) -> None:
    """The official PHP class sends a JSON body."""
    api.create()
    path = OPERATIONS["countTrackings"].path
    response = api.send("POST", f"{path}{query}", content=body)
    check("countTrackings", response.raw)
    later = json.dumps({"created_at_min": 4102444800}).encode()

    assert response.data["pending"] == 1
    assert api.send("POST", path, content=later).data["pending"] == 0


@pytest.mark.behaviour("list.post")
@pytest.mark.parametrize("body", [b"[1]", b'{"page": {}}', b'{"page": 1.5}', b'{"page": 0}'])
def test_the_list_rejects_an_unreadable_body(api: Api, body: bytes) -> None:
    """A body in place of a query must be an object of plain values."""
    assert api.send("POST", "/trackings/get", content=body).code == 4012


def test_a_percent_encoded_slash_is_handled(api: Api) -> None:
    """An unusual path is rejected like any other."""
    assert api.send("GET", "/trackings/usps/..%2F..%2Fpost").code in {404, 4014}
    assert api.send("GET", "/trackings/usps/LK664578623CN%0A").code == 4014
    assert api.send("GET", "/trackings/usps/%FF%FE%FD%FC%FB").code == 4014
