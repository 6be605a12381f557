"""Cross-origin requests (CORS) by web pages of allowed origins, to the API only."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS
from trackingmore_v2_sandbox.hints.hint import HEADER as HINT_HEADER
from trackingmore_v2_sandbox.pipeline.responder import HEADERS

_METHODS: Final = tuple(sorted({operation.method for operation in OPERATIONS.values()}))
_REQUEST_HEADERS: Final = (API_KEY_HEADER, "Lang")
_RESPONSE_HEADERS: Final = (*HEADERS, HINT_HEADER, "Date", "Allow", "Retry-After")


def add_cors(app: ASGIApp, base_path: str, origins: Iterable[str]) -> ASGIApp:
    """
    Return an app that lets pages of these origins call the API; the same one without origins.

    Args:
        app: The app that serves the API.
        base_path: Prefix of the paths of the API. Other paths, as those of the admin API, keep
            rejecting the pages.
        origins: The origins, such as `http://localhost:5173`.

    Raises:
        ValueError: An origin is invalid.
    """
    allowed = sorted(map(parse_origin, origins))
    return _ApiCors(app, base_path, allowed) if allowed else app


class _ApiCors:
    """ASGI middleware that applies CORS to the paths of the API."""

    def __init__(self, app: ASGIApp, base_path: str, origins: list[str]) -> None:
        self._app = app
        self._prefix = f"{base_path}/"
        self._origins = frozenset(map(str.encode, origins))
        self._cors = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_REQUEST_HEADERS,
            allow_private_network=True,  # The sandbox is on the page's machine or network.
            expose_headers=_RESPONSE_HEADERS,
        )
        # The response to a preflight does not pass the app, which sets them elsewhere.
        self._cors.preflight_headers.update(HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_api = scope["type"] == "http" and scope["path"].startswith(self._prefix)
        # Other origins get the response of the app, which has a hint for preflights.
        is_allowed = is_api and not self._origins.isdisjoint(_origins_in(scope))
        await (self._cors if is_allowed else self._app)(scope, receive, send)


def _origins_in(scope: Scope) -> list[bytes]:
    return [value for name, value in scope["headers"] if name == b"origin"]


def parse_origin(text: str) -> str:
    """
    Return an origin as browsers send it, in lower case.

    Raises:
        ValueError: The text is not an origin. `*` is invalid: any page could then call the sandbox.
    """
    origin = text.lower()
    try:
        parts = urlsplit(origin)
        is_origin = parts.scheme in {"http", "https"} and bool(parts.hostname)
        # Reading the port checks it.
        is_origin = is_origin and parts.port != 0 and f"{parts.scheme}://{parts.netloc}" == origin
    except ValueError:
        is_origin = False
    if not is_origin or "@" in origin:
        raise ValueError(
            f"{text!r} is not an origin; expected a scheme, a host and a port without a path, such "
            "as http://localhost:5173"
        )
    return origin
