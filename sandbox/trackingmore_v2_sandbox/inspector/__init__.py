"""
The inspector: a web page at `/_sandbox/` that shows and controls a sandbox.

The page consists of static files without secrets, which are served without a token. Its data comes
from the admin API, which requires the token; the page reads it from the fragment of its URL.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Final

from msgspec import Struct
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

__all__ = ["HEADERS", "Redirect", "assets", "inspector_routes"]

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    # Browsers reject `innerHTML` and similar, so data cannot become markup by mistake.
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "; ".join(map(" ".join, _POLICY.items())),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Sandbox": "1",
}
"""Response headers of all files."""

_PAGE: Final = "index.html"
_MEDIA_TYPES: Final = {".css": "text/css", ".html": "text/html", ".js": "text/javascript"}


def inspector_routes(base_path: str) -> list[Route]:
    """
    Return the routes of the page and its assets.

    Args:
        base_path: Path of the page, without the trailing slash.
    """
    return [
        Route(base_path, Redirect(f"{base_path}/")),
        Route(f"{base_path}/", _AssetFile()),
        Route(f"{base_path}/assets/{{name}}", _AssetFile()),
    ]


@cache
def assets() -> Mapping[str, bytes]:
    """Return the contents of the page and its assets by file name; they are read once."""
    return {
        file.name: file.read_bytes()
        for file in files(__name__).joinpath("static").iterdir()
        if PurePath(file.name).suffix in _MEDIA_TYPES
    }


class _AssetFile(Struct, frozen=True):
    """An ASGI app that serves the file in the path, or the page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name: str = scope["path_params"].get("name", _PAGE)
        if scope["method"] not in {"GET", "HEAD"}:
            response = _plain(405, "Method not allowed; use GET.", Allow="GET, HEAD")
        elif name in assets():
            media_type = _MEDIA_TYPES[PurePath(name).suffix]
            response = Response(assets()[name], 200, HEADERS, media_type)
        else:
            response = _plain(404, "No such file.")
        await response(scope, receive, send)


class Redirect(Struct, frozen=True):
    """A redirect to the page with a trailing slash, which its relative asset URLs require."""

    to: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond with the redirect."""
        await _plain(308, f"See {self.to}", Location=self.to)(scope, receive, send)


def _plain(status: int, text: str, **headers: str) -> Response:
    return Response(text, status, {**HEADERS, **headers}, "text/plain")
