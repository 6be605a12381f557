"""
The documentation at `/_sandbox/docs/`: a static site whose pages can send requests to this sandbox.

A build of the package puts the site into a folder beside this module; a checkout has none before.
The files hold no secrets and are served without a token, as those of the inspector are.
"""

from os.path import normpath
from pathlib import Path, PurePath
from typing import Final

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from trackingmore_v2_sandbox.http.page_responses import Redirect, page_headers, text_response

__all__ = ["FOLDER", "HEADERS", "documentation_routes"]

FOLDER: Final = Path(__file__).with_name("_docs")
"""Folder of the site."""

# Browsers keep the files, and ask whether they have changed. The search is a form.
HEADERS: Final = page_headers("no-cache", {"form-action": "'self'"})
"""Response headers of all files."""

_MISSING: Final = (
    "This installation has no documentation; in a checkout of the project, "
    "python3 -m nox -s build builds a wheel that has it."
)
_TEXTS: Final = {
    "": "text/plain",
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".txt": "text/plain",
}
_OTHERS: Final = {".png": "image/png", ".svg": "image/svg+xml"}
# The system's own table may lack or change some.
_MEDIA_TYPES: Final = _OTHERS | {suffix: f"{it}; charset=utf-8" for suffix, it in _TEXTS.items()}


def documentation_routes(base_path: str, folder: Path | None = None) -> list[Route]:
    """
    Return the routes of the site.

    Args:
        base_path: Path of the site, without the trailing slash.
        folder: Folder of the site. Default: `FOLDER`.
    """
    site = _Site(folder or FOLDER)
    return [
        Route(base_path, Redirect(f"{base_path}/", HEADERS)),
        Route(f"{base_path}/{{path:path}}", site),
    ]


class _Site(Struct, frozen=True):
    """An ASGI app that serves the files of a folder, and `index.html` for a folder in it."""

    folder: Path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._respond(scope)
        response.headers.update(HEADERS)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope) -> Response:
        if not self.folder.is_dir():
            return text_response(404, _MISSING)
        files = StaticFiles(directory=self.folder, html=True)
        try:
            found = await files.get_response(_file_of(scope), scope)
        except HTTPException as error:
            return text_response(error.status_code, error.detail, error.headers)
        if isinstance(found, FileResponse):
            suffix = PurePath(found.path).suffix
            found.headers["Content-Type"] = _MEDIA_TYPES.get(suffix, "application/octet-stream")
        return found


def _file_of(scope: Scope) -> str:
    path: str = scope["path_params"]["path"]
    return normpath(path)
