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

from trackingmore_v2_sandbox.http.page_responses import Redirect, page_headers, text_response

__all__ = ["HEADERS", "assets", "inspector_routes"]

HEADERS: Final = page_headers(
    "no-store",
    {
        # Browsers reject `innerHTML` and similar, so data cannot become markup by mistake.
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    },
)
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
        Route(base_path, Redirect(f"{base_path}/", HEADERS)),
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
            allow = {**HEADERS, "Allow": "GET, HEAD"}
            response = text_response(405, "Method not allowed; use GET.", allow)
        elif name in assets():
            media_type = _MEDIA_TYPES[PurePath(name).suffix]
            response = Response(assets()[name], 200, HEADERS, media_type)
        else:
            response = text_response(404, "No such file.", HEADERS)
        await response(scope, receive, send)
