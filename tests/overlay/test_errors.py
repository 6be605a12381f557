"""The error tree: drawn as it is, complete, and carrying data."""

import pickle
import re

import pytest

import trackingmore_v2
from trackingmore_v2 import (
    ApiError,
    ConnectionFailed,
    ContractBroken,
    InvalidInput,
    NotASandbox,
    RateLimited,
    ServerFailed,
    TimedOut,
    TrackingExists,
    TrackingMoreError,
    TransportError,
    _errors,
)
from trackingmore_v2._errors import API_ERRORS, api_error
from trackingmore_v2_api import META_CODES, ApiRejected, ContractViolated
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_api.salvage import ResponseMeta

CALL = get_account.call()


def rejected(status: int = 200, code: int | None = 4016) -> ApiRejected:
    """Build the generated layer's error."""
    verdict = ResponseMeta(code, "Bad Request", "No.")
    return ApiRejected("getAccount", status, {"x": "y"}, b"{}", verdict)


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
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_pickling(error: TrackingMoreError) -> None:
    """An error that crosses processes arrives as it left."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy).keys() == vars(error).keys()


def test_an_api_error_is_data() -> None:
    """Callers need not parse a message."""
    error = api_error(rejected(), CALL)

    assert isinstance(error, TrackingExists)
    assert (error.operation, error.status, error.code) == ("getAccount", 200, 4016)
    assert (error.type, error.message) == ("Bad Request", "No.")
    assert (error.headers, error.body) == ({"x": "y"}, b"{}")
    assert error.call is CALL


def test_a_transport_error_says_whether_it_was_sent() -> None:
    """The message says whether the call may have been carried out."""
    assert "was not sent" in str(TransportError(CALL, "no route", in_doubt=False))
    assert "may have been carried out" in str(TransportError(CALL, "reset", in_doubt=True))


def test_an_input_error_names_the_place() -> None:
    """The message names the item and the field, and says what was not sent."""
    assert str(InvalidInput("title", "is empty")) == "title is empty; nothing was sent"
    text = str(InvalidInput("tracking_number", "is empty", 7))

    assert text == "item 7: tracking_number is empty; it was not sent"
