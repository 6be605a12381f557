"""Responses of the pages for browsers, under strict headers."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def page_headers(cache_control: str, policy: Mapping[str, str]) -> Mapping[str, str]:
    """
    Return the headers of a page and its assets.

    Args:
        cache_control: Whether browsers may keep them.
        policy: What the page's security policy has besides the common one, or differently.
    """
    directives = {**_POLICY, **policy}
    return {
        "Cache-Control": cache_control,
        "Content-Security-Policy": "; ".join(map(" ".join, directives.items())),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Sandbox": "1",
    }


def text_response(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a response of plain text."""
    return Response(text, status, headers, "text/plain")


class Redirect(Struct, frozen=True):
    """A redirect to the page with a trailing slash, which its relative asset URLs require."""

    to: str
    headers: Mapping[str, str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond with the redirect."""
        response = text_response(308, f"See {self.to}", {**self.headers, "Location": self.to})
        await response(scope, receive, send)
