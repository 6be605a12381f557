"""The error tree: drawn as it is, complete, and carrying data."""

import pickle
import re

import httpx2
import pytest
from msgspec.structs import replace

import trackingmore_v2
from tests.overlay.stubs import Recorder, client_of
from trackingmore_v2 import (
    ApiError,
    ConnectionFailed,
    ContractBroken,
    EventLogUnavailable,
    InvalidInput,
    NotASandbox,
    RateLimited,
    ServerFailed,
    TimedOut,
    TrackingExists,
    TrackingMoreError,
    TransportError,
    WebhookError,
    WebhookErrorReason,
    _errors,
    models,
)
from trackingmore_v2._errors import API_ERRORS, IN_DOUBT_STATUSES, api_error
from trackingmore_v2_api import META_CODES, ApiRejected, ContractViolated
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_api.operations.trackings import update_tracking
from trackingmore_v2_api.salvage import ResponseMeta

CALL = get_account.call()


def rejected(status: int = 200, code: int | None = 4016, message: str = "No.") -> ApiRejected:
    """Build the generated layer's error."""
    verdict = ResponseMeta(code, "Bad Request", message)
    return ApiRejected("getAccount", status, {"x": "y"}, b"{}", verdict)


def documented(code: int, **headers: str) -> ApiError:
    """Return the error of a code with its documented texts; underscores stand for hyphens."""
    known = META_CODES[code]
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"meta": {"code": code, "type": known.type, "message": known.message}, "data": []}
    server = Recorder(lambda _request: httpx2.Response(200, headers=given, json=body))
    with pytest.raises(ApiError) as caught:
        client_of(server).account.get()
    return caught.value


def all_classes(root: type[Exception]) -> set[type[Exception]]:
    """Return a class and all classes below it."""
    return {root}.union(*(all_classes(child) for child in root.__subclasses__()))


def test_the_drawing_shows_every_class() -> None:
    """The tree in the module's docstring names each class once, and no other."""
    drawn = re.findall(r"\b[A-Z]\w+", (_errors.__doc__ or "").split("\n\n")[1])
    drawn = [name for name in drawn if name.isidentifier()]

    assert sorted(drawn) == sorted(kind.__name__ for kind in all_classes(TrackingMoreError))


def test_every_class_is_public() -> None:
    """Whatever may be raised can be caught by name."""
    names = {kind.__name__ for kind in all_classes(TrackingMoreError)}

    assert names <= set(dir(trackingmore_v2))


def test_each_refusing_code_has_its_class() -> None:
    """The contract's table and the tree agree, both ways."""
    named = {entry.exception for entry in META_CODES.values() if entry.exception}

    assert named == {kind.__name__ for kind in ApiError.__subclasses__()}
    assert set(API_ERRORS) == {code for code, entry in META_CODES.items() if entry.exception}


@pytest.mark.parametrize("code", sorted(API_ERRORS))
def test_a_code_becomes_its_class(code: int) -> None:
    """An error raises the class that the contract names for its code."""
    error = api_error(rejected(code=code), CALL)

    assert type(error).__name__ == META_CODES[code].exception
    assert error.code == code
    assert error.retryable == META_CODES[code].retryable
    assert "getAccount" in str(error)
    assert str(code) in str(error)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (502, None, ServerFailed),
        (500, 200, ServerFailed),
        (429, None, RateLimited),
        (418, None, ApiError),
        (200, 9999, ApiError),
        (301, None, ApiError),
    ],
)
def test_an_unknown_code_falls_back_on_the_status(
    status: int, code: int | None, kind: type[ApiError]
) -> None:
    """Without a known code the HTTP status decides."""
    assert type(api_error(rejected(status, code), CALL)) is kind


@pytest.mark.parametrize(
    "error",
    [
        api_error(rejected(), CALL),
        ContractBroken(ContractViolated("getAccount", 200, {}, b"<html>", "not JSON"), CALL),
        ConnectionFailed(CALL, "refused", in_doubt=False),
        TimedOut(CALL, "too late", in_doubt=True),
        InvalidInput("title", "is wrong", 3),
        NotASandbox("getAccount", "https://example.org/v2", 200, in_doubt=True),
        WebhookError(WebhookErrorReason.STALE, "it was sent too long ago"),
        EventLogUnavailable("events.db", "disk I/O error"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_pickling(error: TrackingMoreError) -> None:
    """An error that crosses processes arrives as it left."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy).keys() == vars(error).keys()


def test_a_pickle_has_neither_bodies_nor_headers() -> None:
    """They can hold personal data; what the error says about itself remains."""
    call = update_tracking.call("ups", "12345", models.UpdateTrackingRequest(title="Teapot"))
    error = api_error(rejected(), replace(call, query=(("order", "#1"),), headers=(("X", "1"),)))
    error.tracking_number, error.in_doubt, error.retry_after = "12345", True, 5.0
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert error.call.body
    assert (copy.body, copy.headers) == (b"", {})
    assert copy.call == replace(call, body=None)
    assert (copy.code, copy.message, copy.tracking_number) == (4016, "No.", "12345")
    assert (copy.in_doubt, copy.retry_after) == (True, 5.0)
    assert copy.args == error.args == (str(error),)


def test_an_api_error_is_data() -> None:
    """Callers need not parse a message."""
    error = api_error(rejected(), CALL)

    assert isinstance(error, TrackingExists)
    assert (error.operation, error.status, error.code) == ("getAccount", 200, 4016)
    assert (error.type, error.message) == ("Bad Request", "No.")
    assert (error.headers, error.body) == ({"x": "y"}, b"{}")
    assert error.call is CALL


HINT = (
    'body/title: expected a string, got "Jane (see her)" (see /_sandbox/openapi.yaml#/a); '
    "body/order: expected a field, such as order_id, got an unknown field (see /b); and 3 more"
)


def test_the_hint_of_a_sandbox_is_part_of_the_message() -> None:
    """It is also data, without the values that were sent, and a pickle keeps it."""
    error = documented(4012, X_Sandbox="1", X_Sandbox_Hint=HINT)

    assert error.hint in str(error)
    assert "body/title: expected a string (see /_sandbox/openapi.yaml#/a); " in error.hint
    assert "body/order: expected a field, such as order_id (see /b); and 3 more" in error.hint
    assert "Jane" not in str(error)
    assert pickle.loads(pickle.dumps(error)).hint == error.hint  # noqa: S301 - our own bytes


@pytest.mark.parametrize("server", [{}, {"X_Sandbox": "0"}])
def test_another_server_gives_no_hint(server: dict[str, str]) -> None:
    """Only the header of a sandbox says that the hint comes from one."""
    error = documented(4012, X_Sandbox_Hint=HINT, **server)

    assert error.hint == ""
    assert "body/title" not in str(error)


def test_a_transport_error_says_whether_it_was_sent() -> None:
    """The message says whether the call may have been carried out."""
    assert "was not sent" in str(TransportError(CALL, "no route", in_doubt=False))
    assert "may have been carried out" in str(TransportError(CALL, "reset", in_doubt=True))


def test_messages_of_api_errors_say_whether_the_call_may_have_been_carried_out() -> None:
    """Such as of a create that finds its tracking after a lost response; a read has no effect."""
    update = update_tracking.call("ups", "1Z1234567", models.UpdateTrackingRequest(title="x"))
    existing = api_error(rejected(), update)
    assert "An attempt" not in str(existing)
    existing.in_doubt = True
    assert "An attempt without a response may have created it. Read it" in str(existing)

    doubt = "The call may have been carried out."
    assert doubt in str(api_error(rejected(502, None), update))
    assert doubt not in str(api_error(rejected(502, None), CALL))


def test_an_input_error_names_the_place() -> None:
    """The message names the item and the field, and says what was not sent."""
    assert str(InvalidInput("title", "is empty")) == "title is empty; nothing was sent"
    text = str(InvalidInput("tracking_number", "is empty", 7))

    assert text == "item 7: tracking_number is empty; it was not sent"


@pytest.mark.parametrize(
    ("status", "code", "in_doubt"),
    [
        # Not the API's envelope: a proxy, a gateway, a captive portal.
        *((status, None, True) for status in (301, 400, 401, 403, 404, 408, 413, 425, 429, 499)),
        *((status, None, True) for status in (500, 502, 503, 504, 520, 599)),
        # The API's envelope with a code of the contract: clear, whatever the HTTP status.
        *((status, 4016, False) for status in (200, 400, 408, 499)),
        *((code, code, False) for code in (401, 403, 404, 405, 409, 429)),
        *((200, code, code in {500, 503}) for code in API_ERRORS),
        # An envelope with another code: the HTTP status decides.
        *((status, status, True) for status in (301, 303, 408, 444, 460, 499, 502, 504, 520, 600)),
        *((status, status, False) for status in (400, 418, 425, 451)),
        (200, 9999, False),
        # A code of success contradicts the status.
        *((status, 200, True) for status in (301, 404, 500)),
    ],
)
def test_the_response_says_whether_the_call_may_have_been_carried_out(
    status: int, code: int | None, *, in_doubt: bool
) -> None:
    """Only the API's own rejection says that the call was not carried out."""
    assert api_error(rejected(status, code), CALL).in_doubt is in_doubt


def test_the_statuses_in_doubt_are_few_of_the_errors_of_the_caller() -> None:
    """And all redirects and server errors, and no success."""
    errors = set(range(400, 500))

    assert errors & IN_DOUBT_STATUSES == {408, 444, 460, 499}
    assert {*range(300, 400), *range(500, 600)} <= IN_DOUBT_STATUSES
    assert IN_DOUBT_STATUSES.isdisjoint(range(300))


@pytest.mark.parametrize(
    ("code", "header", "seconds"),
    [
        (429, "7", 7.0),
        (429, None, META_CODES[429].pause_seconds),
        (429, "0.25", 0.25),
        (429, "86400", 86_400.0),
        (503, "7", 7.0),
        (503, None, None),
        (500, None, None),
        (4016, "7", None),
        (4031, "7", None),
    ],
)
def test_an_error_says_how_long_to_wait(
    code: int, header: str | None, seconds: float | None
) -> None:
    """In seconds, as data and in the message; only where waiting helps."""
    error = documented(code, **({"Retry_After": header} if header else {}))

    assert error.retry_after == seconds
    if seconds is not None:
        assert f"Wait {seconds:.10g} s before retrying." in str(error)
        assert "two minute" not in str(error)
    assert pickle.loads(pickle.dumps(error)).retry_after == seconds  # noqa: S301 - our own bytes


def sentences_of(text: str) -> list[str]:
    """Return the sentences and other parts of a message, in lower case."""
    return [part.strip().rstrip(".").casefold() for part in re.split(r"[:.;] ", text)]


@pytest.mark.parametrize("code", sorted(API_ERRORS))
def test_a_message_says_nothing_twice(code: int) -> None:
    """The API's documented text may contain the advice, or repeat the type."""
    text = str(documented(code))
    said = sentences_of(text)

    assert len(said) == len(set(said))
    assert len(re.findall(r"again|retry\b|wait", text, re.IGNORECASE)) <= 1


def test_the_text_of_the_api_is_kept_as_data() -> None:
    """Only the message leaves out the API's advice."""
    error = documented(503)

    assert error.message == META_CODES[503].message
    assert str(error).endswith("(e.g. scheduled Platform Maintenance). Retry later.")


def test_the_api_may_give_advice_of_its_own() -> None:
    """It is left out only where the error says how long to wait."""
    text = "Check the number. Try again with another one."

    assert text.removesuffix(".") in str(api_error(rejected(code=4014, message=text), CALL))
    assert "Try again" not in str(api_error(rejected(code=429, message=text), CALL))
    assert "Check the number." in str(api_error(rejected(code=429, message=text), CALL))
