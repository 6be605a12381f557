import pytest

from tests.contract.examples import payload
from tests.sandbox.harness import PAIR, Api, NewApi
from trackingmore_v2_sandbox import Settings

OPTIONS = {
    "destination_code": "us",
    "title": "title",
    "logistics_channel": "4PX channel",
    "customer_name": "sandy",
    "customer_email": "user@example.com",
    "customer_phone": "+86123456789",
    "order_id": "#123",
    "order_create_time": "2018/4/1 10:08",
    "tracking_ship_date": "20180401",
    "tracking_postal_code": "13ES20",
    "tracking_account_number": "1",
    "tracking_destination_country": "US",
    "lang": "en",
    "auto_correct": 1,
    "comment": "remark",
}


@pytest.mark.behaviour(
    "request.envelope",
    "identity.id-formula",
    "create.response",
    "create.destination",
    "create.no-order-time",
    "get.timestamps",
    "time.zone",
)
def test_the_response_has_the_recorded_shape(api: Api) -> None:
    """A tracking just created is pending, with explicit nulls in the recorded order."""
    response = api.call("createTracking", PAIR)
    recorded = payload("createTracking", "200")

    assert response.raw == (
        b'{"meta":{"code":200,"type":"Success","message":"Success"},"data":{'
        b'"id":"1fb82241cf5f6bcd011ab8e119dc1d99","tracking_number":"LK664578623CN",'
        b'"carrier_code":"china-ems","order_create_time":0,"status":"pending",'
        b'"created_at":"2026-03-01T12:00:00+00:00","customer_email":null,"customer_name":null,'
        b'"customer_phone":null,"order_id":null,"comment":null,"title":null,'
        b'"logistics_channel":null,"destination":""}}'
    )
    assert list(response.data) == list(recorded["data"])


@pytest.mark.behaviour(
    "create.options", "create.destination", "get.pending-fields", "get.customer-email"
)
def test_options_are_kept(api: Api) -> None:
    """They are returned by creation and read."""
    created = api.create(**OPTIONS)
    read = api.get()

    for name in ("customer_name", "order_id", "comment", "title"):
        assert created[name] == read[name] == OPTIONS[name]
    assert created["customer_email"] == "user@example.com"
    assert read["customer_email"] == ["user@example.com"]
    assert created["customer_phone"] == "+86123456789"
    assert read["customer_phone"] == ["+86123456789"]
    assert created["logistics_channel"] == "4PX channel"
    assert created["destination"] == "us"
    assert created["order_create_time"] == 1522577280
    assert read["order_create_time"] == "2018-04-01 10:08"


@pytest.mark.behaviour("body.null", "create.empty-string")
@pytest.mark.parametrize("nothing", [None, ""])
def test_nulls_and_empty_texts_count_as_not_given(api: Api, nothing: str | None) -> None:
    """The official PHP class sends null or an empty text for everything that is not given."""
    plain = api.create()
    api.call("deleteTracking", **PAIR)
    options = {name: nothing for name in OPTIONS if name != "auto_correct"}

    assert api.create(**options) == plain


@pytest.mark.behaviour("create.order-time", "create.order-time-text", "get.order-time")
@pytest.mark.parametrize(
    ("text", "seconds", "read"),
    [
        ("2017/8/27 16:51", 1503852660, "2017-08-27 16:51"),
        ("2018/09/08 16:51", 1536425460, "2018-09-08 16:51"),
        ("2018-05-20 12:00", 1526817600, "2018-05-20 12:00"),
        ("2018-05-20 12:00:59", 1526817659, "2018-05-20 12:00"),
        ("2018-05-20", 1526774400, "2018-05-20 00:00"),
        ("last Tuesday", 0, "last Tuesday"),
        ("2018-13-45 99:00", 0, "2018-13-45 99:00"),
        ("1066-10-14 09:00", 0, "1066-10-14 09:00"),
        ("9999-12-31 23:59", 0, "9999-12-31 23:59"),
    ],
)
def test_the_time_of_the_order_is_free_text(api: Api, text: str, seconds: int, read: str) -> None:
    """Documented forms are understood, and anything else is kept as it came."""
    created = api.create(order_create_time=text)

    assert created["order_create_time"] == seconds
    assert api.get()["order_create_time"] == read


@pytest.mark.behaviour("body.wrong-type")
@pytest.mark.parametrize(
    "wrong",
    [
        {"title": {"en": "t"}},
        {"title": [[[[]]]]},
        {"customer_email": ["a@example.com"]},
        {"auto_correct": "yes"},
    ]
    + [{"auto_correct": value} for value in (-1, 2, 0.5, [1])],
)
def test_options_of_a_wrong_type_are_rejected(api: Api, wrong: dict[str, object]) -> None:
    """No array or object is converted, and values are within the contract's bounds."""
    assert api.call("createTracking", {**PAIR, **wrong}).code == 4012
    assert api.call("getTracking", **PAIR).code == 4017


@pytest.mark.behaviour("body.whole-number")
def test_a_whole_number_may_have_a_point(api: Api) -> None:
    """To JSON Schema `1.0` is an integer."""
    assert api.create(auto_correct=1.0)["status"] == "pending"
    assert api.call("updateTracking", {"status": 7.0}, **PAIR).data["status"] == "exception"


@pytest.mark.behaviour("body.unknown-field")
def test_unknown_fields_are_ignored(api: Api) -> None:
    """They have no effect."""
    assert "colour" not in api.create(colour="red", status="delivered")
    assert api.get()["status"] == "pending"


@pytest.mark.behaviour("request.encoding")
def test_any_text_survives(api: Api) -> None:
    """Text comes back as it was, escaped as PHP does it."""
    title = 'Česká </script> 包裹 \U0001f4e6 "quoted" \x00\x1f back\\slash'
    api.create(title=title)
    response = api.call("getTracking", **PAIR)

    assert response.data["title"] == title
    assert response.raw.isascii()
    assert b"\\u010cesk\\u00e1 <\\/script>" in response.raw


@pytest.mark.behaviour("create.exists")
def test_an_existing_pair_is_rejected(api: Api) -> None:
    """The recorded error, byte for byte; the first tracking stays as it is."""
    api.create(title="first")

    assert api.call("createTracking", {**PAIR, "title": "second"}).raw == (
        b'{"meta":{"code":4016,"type":"Bad Request","message":"Tracking already exists."},'
        b'"data":[]}'
    )
    assert api.get()["title"] == "first"


@pytest.mark.behaviour("identity.pair")
def test_the_same_number_at_two_carriers_is_two_trackings(api: Api) -> None:
    """The pair identifies a tracking."""
    assert api.create()["id"] != api.create(carrier_code="china-post")["id"]


@pytest.mark.behaviour("identity.stable-id", "quota.recreate")
def test_the_id_survives_deletion(api: Api) -> None:
    """Deleting and creating a pair again gives the same id, and is not charged again."""
    first = api.create()
    left = api.call("getAccount").data["track_number"]
    api.call("deleteTracking", **PAIR)
    api.advance(days=1)
    second = api.create()

    assert second["id"] == first["id"]
    assert second["created_at"] != first["created_at"]
    assert api.call("getAccount").data["track_number"] == left


@pytest.mark.behaviour("quota.reads")
def test_reads_need_no_quota(new_api: NewApi) -> None:
    """Without a tracking left, the existing ones can be read."""
    api = new_api(Settings(quota=1))
    created = api.create()

    assert api.call("createTracking", {**PAIR, "carrier_code": "usps"}).code == 4021
    assert api.call("getTracking", **PAIR).data["id"] == created["id"]
    assert api.call("listTrackings").data["total"] == "1"


@pytest.mark.behaviour("quota.create", "quota.recreate", "quota.recreate-code", "quota.exhausted")
def test_without_quota_no_new_pair_is_created(new_api: NewApi) -> None:
    """Each new pair costs one tracking, and without one left the error is 4021."""
    api = new_api(Settings(quota=1))
    api.create()

    assert api.call("getAccount").data["track_number"] == 0
    assert api.call("createTracking", {**PAIR, "carrier_code": "usps"}).code == 4021
    assert api.call("createTracking", PAIR).code == 4016
    api.call("deleteTracking", **PAIR)
    assert api.call("createTracking", PAIR).code == 200
