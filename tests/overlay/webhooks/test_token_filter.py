"""Records of access logs without the token of a URL."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from uvicorn.logging import AccessFormatter

from tests.overlay.webhooks.app_drivers import TOKEN
from trackingmore_v2 import ConfigurationError
from trackingmore_v2.webhooks import TokenFilter

ENCODED = "".join(f"%{ord(character):02X}" for character in TOKEN)


class Path:
    """An object whose text is a path."""

    def __str__(self) -> str:
        return f"/hooks/{TOKEN}"


class Unprintable:
    """An object that has no text."""

    def __str__(self) -> str:
        raise ValueError


class Atoms(dict[str, Any]):
    """Arguments as gunicorn has them."""

    def __init__(self, atoms: dict[str, Any]) -> None:
        super().__init__(atoms)

    def __getitem__(self, name: str) -> Any:
        return self.get(name.lower() if name.startswith("{") else name, "-")


def filtered(message: Any, *args: Any) -> logging.LogRecord:
    """Return a record that was filtered."""
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, message, args, None)
    assert TokenFilter(TOKEN).filter(record)
    return record


@pytest.mark.parametrize(
    ("message", "args", "expected"),
    [
        (f"POST /{TOKEN} 200", (), "POST /*** 200"),
        ("POST %s %d", (f"/{TOKEN}", 200), "POST /*** 200"),
        ("POST %s", (Path(),), "POST /hooks/***"),
        ("POST %s", (f"/{TOKEN}".encode(),), "POST b'/***'"),
        ("%(path)s %(status)d", ({"path": f"/{TOKEN}", "status": 200},), "/*** 200"),
        ("POST /%s%s", (TOKEN[:5], TOKEN[5:]), "POST /***"),
        ("twice %s", (f"/{TOKEN} Referer: /{TOKEN}",), "twice /*** Referer: /***"),
        (Path(), (), "/hooks/***"),
        ("%d %s", (5, None), "5 None"),
        ("100 %", (), "100 %"),
    ],
)
def test_messages(message: Any, args: tuple[Any, ...], expected: str) -> None:
    """The token is replaced in the message, wherever it comes from, and nothing else is."""
    assert filtered(message, *args).getMessage() == expected


@pytest.mark.parametrize(
    "spell",
    [
        lambda _token: ENCODED,
        lambda _token: ENCODED.lower(),
        lambda _token: quote(ENCODED),
        lambda _token: quote(quote(ENCODED)),
        lambda token: token[:4] + ENCODED[12:],
    ],
)
def test_encoded_spellings(spell: Callable[[str], str]) -> None:
    """Servers log the path as it was sent, which may be encoded in many ways."""
    assert filtered("%s", f"/{spell(TOKEN)}?a=%20").getMessage() == "/***?a=%20"


def test_other_paths_are_kept() -> None:
    """A part of the token, or the token in other letters, is no token."""
    for other in (TOKEN[:-1], TOKEN.upper(), TOKEN.replace(".", "x"), quote("/% ä")):
        assert filtered("%s", other).getMessage() == other


@pytest.mark.parametrize(
    ("message", "args"),
    [("%s", (Unprintable(),)), ("%d", ("no number",)), ("%s %s", ("one",)), (Unprintable(), ())],
)
def test_a_record_that_cannot_be_formatted_is_kept(message: Any, args: tuple[Any, ...]) -> None:
    """The handlers report it, as without the filter."""
    record = filtered(message, *args)

    assert (record.msg, record.args) == (message, args)


def test_the_formatter_of_uvicorn_finds_its_arguments() -> None:
    """It takes them one by one."""
    record = filtered('%s - "%s %s HTTP/%s" %d', "1.2.3.4:5", "POST", f"/{TOKEN}", "1.1", 200)

    text = AccessFormatter("%(request_line)s %(status_code)s", use_colors=False).format(record)

    assert text == "POST /*** HTTP/1.1 200 OK"


def test_the_arguments_of_gunicorn_keep_their_default() -> None:
    """Its mapping has a value for any name; the server's own one is not changed."""
    atoms = Atoms({"U": f"/{TOKEN}", "{raw_uri}e": ENCODED, "s": "200"})

    record = filtered("%(U)s %({RAW_URI}e)s %(s)s %({x-other}i)s %(q)s", atoms)

    assert record.getMessage() == "/*** *** 200 - -"
    assert atoms["U"] == f"/{TOKEN}"


def test_a_token_that_no_app_accepts() -> None:
    """A filter for an empty token would replace everything."""
    with pytest.raises(ConfigurationError):
        TokenFilter("")
