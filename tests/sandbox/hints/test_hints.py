import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own
from msgspec import UNSET
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from starlette.datastructures import Headers

from tests.sandbox.harness import PAIR, Api, NewApi
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import API_KEY, Settings
from trackingmore_v2_sandbox.hints import explain, find_hints
from trackingmore_v2_sandbox.hints.hint import Hint, header_value
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.http.request import METHODS_WITH_BODY, Received
from trackingmore_v2_sandbox.http.routing import CONTRACT_PATH
from website.contract import contract

JSON = {"content-type": "application/json"}
WITH_BODY = sorted(each.id for each in OPERATIONS.values() if each.request is not None)
ODD_VALUES: list[object] = [
    None,
    "",
    "x",
    "no such text",
    "LK664578623CN",
    "true",
    "4",
    "172-28891936",
    0,
    1,
    1.0,
    1.5,
    4,
    7.0,
    True,
    [],
    ["LK664578623CN"],
    ["172-28891936"],
    ["172-28891936", "x"],
    {},
    10**30,
    -1,
]


def received(
    method: str = "POST",
    *,
    query: str = "",
    parameters: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = b"{}",
) -> Received:
    """Build a request as it came."""
    return Received(
        method=method,
        path="/v2/somewhere",
        query=query,
        parameters=parameters or {},
        headers=Headers(JSON if headers is None else headers),
        body=body,
    )


def hints_on(operation_id: str, body: object = None, **sent: Any) -> list[tuple[str, str, str]]:
    """Return the hints on a request: where, what was expected, and what came."""
    operation = OPERATIONS[operation_id]
    method = sent.setdefault("method", operation.method)
    sent.setdefault("body", b"{}" if method in METHODS_WITH_BODY else b"")
    found = find_hints(operation, received(**sent), body)
    return [(hint.pointer, hint.expected, hint.got) for hint in found]


def request_schema(operation_id: str) -> dict[str, Any]:
    """Read what the contract says of an operation's body."""
    operation = OPERATIONS[operation_id]
    described = contract()["paths"][operation.path][operation.method.lower()]["requestBody"]
    schema: dict[str, Any] = described["content"]["application/json"]["schema"]
    return schema


def request_validator(operation_id: str) -> Draft202012Validator:
    """Build the contract's own judge of an operation's body."""
    resource = DRAFT202012.create_resource(contract())
    schema = json.loads(json.dumps(request_schema(operation_id)).replace('"#/', '"openapi.yaml#/'))
    return Draft202012Validator(schema, registry=Registry().with_resource("openapi.yaml", resource))


def properties(operation_id: str) -> dict[str, Any]:
    """Return the fields of an operation's body, or of its items."""
    schema = request_schema(operation_id)
    name = schema.get("items", schema)["$ref"].rpartition("/")[2]
    fields: dict[str, Any] = contract()["components"]["schemas"][name]["properties"]
    return fields


def good_object(operation_id: str) -> dict[str, Any]:
    """Build an object that an operation's body, or an item of it, may be."""
    values = {
        **PAIR,
        "update_carrier_code": "usps",
        "track_number": ["172-28891936"],
        "country": "NZ",
        "postcode": "Papaaroha",
        "original": "CN",
        "destination": "US",
    }
    return {name: value for name, value in values.items() if name in properties(operation_id)}


def odd_bodies(operation_id: str) -> Iterator[object]:
    """Build bodies, some valid and some not."""
    good = good_object(operation_id)
    objects: list[object] = [good, {}, None, "x", 1, []]
    for name in properties(operation_id):
        objects.append({key: value for key, value in good.items() if key != name})
        objects.extend({**good, name: value} for value in ODD_VALUES)
    if request_schema(operation_id).get("type") == "array":
        yield from (None, {}, "x", [])
        yield from ([each] for each in objects)
        for count in (40, 41, 200, 201):
            yield [good] * count
    else:
        yield from objects


@pytest.mark.parametrize("operation_id", WITH_BODY)
def test_hints_on_a_body_agree_with_the_contract(operation_id: str) -> None:
    """What the contract's own schema rejects gets a hint, and nothing else that the API wants."""
    judge = request_validator(operation_id)
    for body in odd_bodies(operation_id):
        hints = hints_on(operation_id, body)
        # The schema lets what is required be empty, and the API does not.
        is_empty = all(got in {'""', "an array of length 0"} for _, _, got in hints)

        assert hints or judge.is_valid(body), body
        assert not hints or is_empty or not judge.is_valid(body), body


def test_each_fault_of_a_body_is_pointed_at() -> None:
    """A hint names the place, what belongs there, and what came instead."""
    body = {"carrier_code": "", "title": 3, "auto_correct": "1", "lang": None, "comment": ""}

    assert hints_on("createTracking", body) == [
        ("body/tracking_number", "a string matching ^[0-9A-Za-z_-]{5,}$", "no value"),
        ("body/carrier_code", "a string matching ^[0-9A-Za-z_-]+$", '""'),
        ("body/title", "a string or null", "3"),
        ("body/auto_correct", "0, 1 or null", '"1"'),
    ]


def test_a_batch_is_pointed_into() -> None:
    """The place names the item; items that are right are not spoken of."""
    items = [PAIR, {**PAIR, "status": 5}, {**PAIR, "archived": True}, 1, {**PAIR, "status": "8"}]

    assert hints_on("updateTrackingBatch", items) == [
        ("body/1/status", '4 or 7 or 8 or "4" or "7" or "8" or null', "5"),
        ("body/2/archived", '"true" or "false" or null', "true"),
        ("body/3", "an object", "1"),
    ]


def test_one_of_many_air_waybill_numbers_is_pointed_at() -> None:
    """A text instead of an array is a violation as a whole, although the sandbox accepts it."""
    form = "a string matching ^[0-9]{3}[ -]?[0-9]{7,8}$"

    assert hints_on("trackAirWaybills", {"track_number": ["172-28891936", "x", 1]}) == [
        ("body/track_number/1", form, '"x"'),
        ("body/track_number/2", form, "1"),
    ]
    assert hints_on("trackAirWaybills", {"track_number": "172-28891936"}) == [
        ("body/track_number", f"an array, each item {form}", '"172-28891936"')
    ]


def test_a_line_break_after_a_number_is_no_part_of_it() -> None:
    """The whole text has to fit the pattern."""
    assert hints_on("createTracking", {**PAIR, "tracking_number": "LK664578623CN\n"}) == [
        ("body/tracking_number", "a string matching ^[0-9A-Za-z_-]{5,}$", '"LK664578623CN\\n"')
    ]


def test_unknown_names_get_suggestions() -> None:
    """The API ignores unknown names, so a typo goes unnoticed."""
    body = {**PAIR, "order": "#1", "xyz": 1}

    assert hints_on("createTracking", body) == [
        ("body/order", "a field of CreateTrackingRequest, such as order_id", "an unknown field"),
        ("body/xyz", "a field of CreateTrackingRequest", "an unknown field"),
    ]
    assert hints_on("listTrackings", query="stauts=transit&zzz=1") == [
        ("query/stauts", "a parameter of listTrackings, such as status", "an unknown parameter"),
        ("query/zzz", "a parameter of listTrackings", "an unknown parameter"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("page=0", "an integer from 1 to 1000000000"),
        ("limit=2001", "an integer from 1 to 2000"),
        ("limit=ten", "an integer from 1 to 2000"),
        ("limit=1.5", "an integer from 1 to 2000"),
        ("limit=%D9%A1", "an integer from 1 to 2000"),
        ("created_at_min=99999999999999999999999", "an integer from 0 to 4102444800"),
        ("created_at_min=-1", "an integer from 0 to 4102444800"),
        ("numbers=LK664578623CN,x", "a string matching ^[0-9A-Za-z_-]{5,}$"),
        ("numbers=" + ",".join(["LK664578623CN"] * 41), "up to 40 comma-separated values"),
        ("orders=a,,b", "a string matching ^[^,]+$"),
        ("lang=eng", "a string matching ^[A-Za-z]{2}$"),
        (
            "status=lost",
            "one of delivered, exception, expired, notfound, pending, pickup, transit, undelivered",
        ),
        ("page=1&page=2", "one value"),
    ],
)
def test_faults_of_the_query_are_pointed_at(query: str, expected: str) -> None:
    """Each parameter has the bounds, the pattern or the values that the contract gives it."""
    name = query.partition("=")[0]

    assert [hint[:2] for hint in hints_on("listTrackings", query=query)] == [
        (f"query/{name}", expected)
    ]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "page=&limit=&status=&numbers=&orders=&lang=&created_at_min=&archived=",
        "page=1.0&limit=2000&status=transit&lang=en&archived=true&created_at_min=0",
        "numbers=LK664578623CN,RP893531375SG&orders=%231,a%20b",
        "archived=maybe",
    ],
)
def test_a_good_query_gets_no_hint(query: str) -> None:
    """An empty parameter counts as not given, and `archived` may be anything."""
    assert hints_on("listTrackings", query=query) == []


def test_faults_of_the_path_are_pointed_at() -> None:
    """Its parameters have patterns, too."""
    parameters = {"carrier_code": "china ems", "tracking_number": "ABCD", "lang": "eng"}

    assert hints_on("getLocalizedTracking", parameters=parameters) == [
        ("path/carrier_code", "a string matching ^[0-9A-Za-z_-]+$", '"china ems"'),
        ("path/tracking_number", "a string matching ^[0-9A-Za-z_-]{5,}$", '"ABCD"'),
        ("path/lang", "a string matching ^[A-Za-z]{2}$", '"eng"'),
    ]


def test_what_the_live_api_tolerates_is_pointed_at() -> None:
    """Another content type, the list by POST, a body where none belongs, a language unknown."""
    assert hints_on("createTracking", PAIR, headers={}) == [
        ("header/Content-Type", "application/json", "no header")
    ]
    assert hints_on("createTracking", PAIR, headers={"Content-Type": "text/plain"}) == [
        ("header/Content-Type", "application/json", '"text/plain"')
    ]
    assert hints_on("listTrackings", {"page": 0, "stauts": "x"}, method="POST") == [
        ("method", "GET", "POST"),
        ("body/stauts", "a parameter of listTrackings, such as status", "an unknown parameter"),
        ("body/page", "an integer from 1 to 1000000000", '"0"'),
    ]
    assert hints_on("listTrackings", {"page": {}}, method="POST") == [
        ("method", "GET", "POST"),
        ("body", "an object of strings, integers, booleans and arrays of these", "an object"),
    ]
    assert hints_on("getAccount", headers={}) == []
    assert find_hints(OPERATIONS["getAccount"], received("GET", body=b"{}"), None) == (
        Hint("body", "no body", "2 bytes", f"{CONTRACT_PATH}#/paths/~1trackings~1getuserinfo/get"),
    )
    assert hints_on("listCarriers", headers={"Lang": "de"}) == [
        ("header/Lang", "one of cn, en, es, it, ru, tw", '"de"')
    ]


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON ; charset=utf-8", "application/json;"]
)
def test_json_has_one_content_type(content_type: str) -> None:
    """In any case, and with any parameters."""
    assert hints_on("createTracking", PAIR, headers={"Content-Type": content_type}) == []


def described_parameters(operation_id: str) -> Iterator[dict[str, Any]]:
    """Read the parameters that the contract gives an operation."""
    operation = OPERATIONS[operation_id]
    path = contract()["paths"][operation.path]
    own = path[operation.method.lower()].get("parameters", [])
    for each in [*path.get("parameters", []), *own]:
        name = each.get("$ref", "").rpartition("/")[2]
        yield contract()["components"]["parameters"][name] if name else each


@pytest.mark.parametrize("operation_id", sorted(OPERATIONS))
def test_every_parameter_is_checked(operation_id: str) -> None:
    """Each one that has a pattern, bounds or values in the contract, and not just any text."""
    for parameter in described_parameters(operation_id):
        name, place = parameter["name"], parameter["in"]
        ways: dict[str, dict[str, Any]] = {
            "path": {"parameters": {name: ","}},
            "query": {"query": f"{name}=,"},
            "header": {"headers": {name: ","}},
        }
        pointers = [pointer for pointer, _, _ in hints_on(operation_id, PAIR, **ways[place])]

        assert (f"{place}/{name}" in pointers) == bool(
            parameter["schema"].keys() - {"type", "examples"}
        )


def test_every_hint_refers_to_a_place_in_the_contract() -> None:
    """`see` is a JSON pointer that leads somewhere."""
    hints = [
        hint
        for operation in OPERATIONS.values()
        for method in (operation.method, "PATCH")
        for hint in (
            *find_hints(
                operation,
                received(
                    method,
                    query="zzz=1",
                    parameters={"carrier_code": "\n"},
                    headers={"Content-Type": "x", "Lang": "x"},
                    body=b"x",
                ),
                {"zzz": 1},
            ),
            *explain(Rejection(4016), received(), PAIR, ()),
        )
    ]

    assert len({hint.see for hint in hints}) > len(OPERATIONS)
    for see in {hint.see for hint in hints}:
        file, _, pointer = see.partition("#/")
        found = contract()
        for step in pointer.split("/"):
            found = found[unquote(step).replace("~1", "/").replace("~0", "~")]
        assert file == CONTRACT_PATH
        assert found


def test_hints_are_printable_ascii_and_short() -> None:
    """Whatever a request holds, its hints can be written into a header and a terminal."""
    evil = "\r\nSet-Cookie: a=b\x00\x1b[31m\u2028\ud800 \U0001f4e6" * 1000
    body = {evil: evil, "tracking_number": evil, "title": {evil: evil}, "a/b~c": 1}
    found = find_hints(
        OPERATIONS["createTracking"],
        received(
            query="a%0D%0Ab=1",
            parameters={"carrier_code": evil},
            headers={"content-type": "text/\xe9"},
        ),
        body,
    )
    line = header_value(found)

    assert len(found) == 8
    assert all(character.isprintable() and character.isascii() for character in line)
    assert len(line) < 2000
    assert "body/a~1b~0c" in [hint.pointer for hint in found]


def test_a_key_never_stands_in_a_hint() -> None:
    """Wherever it was put by mistake, only its end is shown."""
    found = find_hints(
        OPERATIONS["createTracking"],
        received(
            query=f"{API_KEY}=1&api_key={API_KEY}",
            headers={"content-type": API_KEY.upper()},
            parameters={"carrier_code": f"x {API_KEY}"},
        ),
        {"tracking_number": f" {API_KEY}", API_KEY: 1, "title": [API_KEY]},
    )
    rejected = explain(
        Rejection(4015), received(), {"carrier_code": f"{'x' * 100}{API_KEY}"}, ()
    ) + explain(
        Rejection(4001), received(headers={"Trackingmore-Api-Key": API_KEY[:-1]}), UNSET, ()
    )

    assert len(found) >= 6
    assert API_KEY[:8] not in str([*found, *rejected]).lower()
    assert "****0001" in str(found)


def test_there_are_never_too_many_hints() -> None:
    """A batch that is wrong in thousands of places gets twenty hints, and the header has five."""
    found = find_hints(
        OPERATIONS["createTrackingBatch"], received(), [{"x": 1, "y": 2, "z": 3}] * 10_000
    )
    line = header_value(found)

    assert len(found) == 20
    assert line.count("; ") == 5
    assert line.endswith("; and 15 more")
    assert header_value(found[:1]) == str(found[0])


@pytest.mark.parametrize(
    ("code", "body", "pointer", "got"),
    [
        (4016, PAIR, "body", 'number "LK664578623CN" of carrier "china-ems"'),
        (4017, [PAIR], "body/0", 'number "LK664578623CN" of carrier "china-ems"'),
        (4015, {**PAIR, "carrier_code": "n o"}, "body/carrier_code", '"n o"'),
        (4015, {**PAIR, "update_carrier_code": "n o"}, "body/update_carrier_code", '"n o"'),
        (4015, [PAIR, {"carrier_code": "n o"}], "body/1/carrier_code", '"n o"'),
        (
            4015,
            {"carrier_code": "nimbus-air", "update_carrier_code": ""},
            "body/update_carrier_code",
            '""',
        ),
        (4015, {}, "body/carrier_code", "no carrier code"),
        (4014, {"tracking_number": "SANDBOX-X"}, "body/tracking_number", '"SANDBOX-X"'),
        (4032, PAIR, "body/tracking_number", '"LK664578623CN"'),
        (4001, PAIR, "header/Trackingmore-Api-Key", "no key"),
        (404, PAIR, "path", '"/v2/somewhere"'),
        (405, PAIR, "method", "POST"),
        (4012, PAIR, "body", "an object"),
        (4012, 1, "body", "1"),
        (4021, PAIR, "account", "no quota left"),
        (4016, 1, "body", "1"),
        (4032, 1, "body", "1"),
    ],
)
def test_a_rejection_is_explained(code: int, body: object, pointer: str, got: str) -> None:
    """Where the form is right, the hint says what the error is about."""
    (hint,) = explain(Rejection(code), received(), body, ())

    assert (hint.pointer, hint.got) == (pointer, got)
    assert hint.expected


def test_a_rejection_may_have_a_reason() -> None:
    """The hint has the reason that comes with it."""
    (hint,) = explain(Rejection(4021, "0 of 5 left"), received(), PAIR, ())

    assert hint.got == "0 of 5 left"


@pytest.mark.parametrize(
    ("body", "content_type", "got"),
    [
        (b"", "application/json", "an empty body"),
        (b" \n", "application/json", "an empty body"),
        (None, "application/json", "a body over the size limit"),
        (b"a=b", "application/x-www-form-urlencoded", "form data"),
        (b"{", "application/json", "invalid JSON (Input data was truncated)"),
        (b'{"a":x}', "", "invalid JSON (JSON is malformed: invalid character (byte 5))"),
    ],
)
def test_an_unreadable_body_is_explained(body: bytes | None, content_type: str, got: str) -> None:
    """The hint says what stands in the place of JSON."""
    sent = received(headers={"content-type": content_type}, body=body)
    (hint,) = explain(Rejection(4012 if body is None else 4015), sent, UNSET, ())

    assert (hint.pointer, hint.expected, hint.got) == ("body", "JSON in UTF-8", got)


def test_a_rejection_is_explained_once() -> None:
    """The hints on the form are its explanation."""
    wrong = {**PAIR, "tracking_number": "", "carrier_code": ""}
    found = find_hints(OPERATIONS["createTracking"], received(), wrong)

    assert explain(Rejection(4013), received(), wrong, found) == ()
    assert explain(Rejection(4015), received(), wrong, found) == ()
    assert explain(Rejection(4015), received(), wrong, found[:1]) != ()
    assert explain(Rejection(4016), received(), wrong, found) != ()


HEADER = "X-Sandbox-Hint"


def test_a_good_request_gets_no_header(api: Api) -> None:
    """There is nothing to say about it."""
    assert HEADER not in api.call("createTracking", PAIR, headers=JSON).headers
    assert HEADER not in api.call("getTracking", **PAIR).headers
    assert HEADER not in api.call("listTrackings", status="pending").headers


@pytest.mark.behaviour("response.hints")
def test_tolerated_violations_are_carried_out_with_a_hint(api: Api) -> None:
    """The response is the same as without the violation."""
    response = api.call("createTracking", {**PAIR, "order": "#1"}, headers=JSON)

    assert response.code == 200
    assert response.headers[HEADER] == (
        "body/order: expected a field of CreateTrackingRequest, such as order_id, "
        "got an unknown field "
        "(see /_sandbox/openapi.yaml#/components/schemas/CreateTrackingRequest)"
    )


@pytest.mark.behaviour("response.hints")
def test_rejected_requests_have_a_hint(api: Api) -> None:
    """On form, state, key or route."""
    api.create()
    bad = api.call("createTracking", {**PAIR, "title": {}}, headers=JSON)
    known = api.call("createTracking", PAIR, headers=JSON)
    unreadable = api.call("createTracking", raw=b"{", headers=JSON)

    assert (bad.code, known.code, unreadable.code) == (4012, 4016, 4015)
    assert bad.headers[HEADER].startswith("body/title: expected a string or null, got an object (")
    assert 'number "LK664578623CN" of carrier "china-ems"' in known.headers[HEADER]
    assert unreadable.headers[HEADER].startswith("body: expected JSON in UTF-8, got invalid JSON")
    assert "path: " in api.send("GET", "/nowhere").headers[HEADER]
    assert "method: " in api.send("PATCH", "/carriers").headers[HEADER]
    assert "a UUID" in api.call("getAccount", key="x" * 36).headers[HEADER]
    assert "got no key" in api.call("getAccount", key=None).headers[HEADER]
    assert "1 to 2000" in api.call("listTrackings", limit=0).headers[HEADER]
    assert "at least one result" in api.call("listTrackings", numbers="OTHER").headers[HEADER]


def test_a_failure_inside_points_to_the_log(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happened stands in the sandbox's own log, and not in the response."""
    monkeypatch.setattr(type(api.store), "insert", lambda *_: 1 / 0)
    response = api.call("createTracking", PAIR, headers=JSON)

    assert response.code == 500
    assert "own log" in response.headers[HEADER]
    assert "ZeroDivisionError" not in str(response.headers)


@pytest.fixture
def strict(new_api: NewApi) -> Api:
    """Return a sandbox that tolerates nothing."""
    return new_api(Settings(strict=True))


@pytest.mark.behaviour("response.strict")
def test_a_strict_sandbox_rejects_what_the_live_api_tolerates(strict: Api) -> None:
    """With 4012, and nothing is carried out."""
    wrong = {**PAIR, "order": "#1"}

    assert strict.call("createTracking", wrong, headers=JSON).code == 4012
    assert strict.call("createTracking", PAIR, headers={"Content-Type": "text/plain"}).code == 4012
    assert strict.call("getTracking", **PAIR).code == 4017
    assert strict.call("getAccount").data["track_number"] == 1_000_000
    assert strict.call("createTracking", PAIR, headers=JSON).code == 200
    assert strict.send("POST", "/trackings/get", content=b"{}", headers=JSON).code == 4012
    assert strict.call("listTrackings", stauts="transit").code == 4012


def test_a_strict_sandbox_keeps_the_codes_of_the_live_api(strict: Api) -> None:
    """What is rejected anyway is rejected as ever."""
    assert strict.call("createTracking", {"carrier_code": "ups"}, headers=JSON).code == 4013
    assert strict.call("createTracking", {**PAIR, "tracking_number": "x"}).code == 4014
    assert strict.call("getTracking", **PAIR).code == 4017
    assert strict.call("listTrackings", status="lost").code == 4033


@pytest.mark.parametrize("operation_id", WITH_BODY)
def test_a_strict_sandbox_accepts_the_examples_of_the_contract(
    strict: Api, operation_id: str
) -> None:
    """They show how a request should be."""
    operation = OPERATIONS[operation_id]
    described = contract()["paths"][operation.path][operation.method.lower()]["requestBody"]
    for example in described["content"]["application/json"]["examples"].values():
        found = example
        if "$ref" in example:
            found = contract()["components"]["examples"][example["$ref"].rpartition("/")[2]]
        path: dict[str, Any] = dict(PAIR) if operation.path_parameters else {}
        response = strict.call(operation_id, found["value"], headers=JSON, **path)

        assert response.code != 4012
