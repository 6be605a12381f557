"""
The inspector: one page at `/_sandbox/` that shows what happens in a sandbox, and steers it.

It is made of plain files, which everybody may read: they hold no secret. What they show comes from
the control, which wants the token. The page takes that from the fragment of its address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

__all__ = ["HEADERS", "assets", "inspector_routes"]

_POLICY: Final = MappingProxyType(
    {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        # Text cannot become markup, not even by mistake.
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
)
HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(map(" ".join, _POLICY.items())),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Sandbox": "1",
    }
)
"""What goes with each of the files."""

_PAGE: Final = "index.html"
_MEDIA_TYPES: Final = MappingProxyType(
    {".css": "text/css", ".html": "text/html", ".js": "text/javascript"}
)


def inspector_routes(base_path: str) -> list[Route]:
    """
    Make the routes of the page and of the files that it needs.

    Args:
        base_path: Where the page is, without the slash at its end.
    """
    return [
        Route(base_path, _Redirect(f"{base_path}/")),
        Route(f"{base_path}/", _AssetFile()),
        Route(f"{base_path}/assets/{{name}}", _AssetFile()),
    ]


@cache
def assets() -> Mapping[str, bytes]:
    """Read the page and its files, by name, when somebody wants them first."""
    return {
        file.name: file.read_bytes()
        for file in files(__name__).joinpath("static").iterdir()
        if PurePath(file.name).suffix in _MEDIA_TYPES
    }


@dataclass(frozen=True, slots=True)
class _AssetFile:
    """Gives the file that the path names, or the page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name: str = scope["path_params"].get("name", _PAGE)
        if scope["method"] not in {"GET", "HEAD"}:
            response = _plain(405, "Only GET is possible here.", Allow="GET, HEAD")
        elif name in assets():
            media_type = _MEDIA_TYPES[PurePath(name).suffix]
            response = Response(assets()[name], 200, HEADERS, media_type)
        else:
            response = _plain(404, "There is no such file.")
        await response(scope, receive, send)


@dataclass(frozen=True, slots=True)
class _Redirect:
    """Leads to the page whoever leaves out its last slash, so that its files are found."""

    to: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _plain(308, f"See {self.to}", Location=self.to)(scope, receive, send)


def _plain(status: int, text: str, **headers: str) -> Response:
    return Response(text, status, {**HEADERS, **headers}, "text/plain")
