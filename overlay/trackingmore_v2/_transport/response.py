"""The HTTP response before parsing."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from msgspec import Struct

ResultT = TypeVar("ResultT")


class Response(Struct, frozen=True):
    """An HTTP response as received."""

    status: int
    """HTTP status."""

    headers: Mapping[str, str]
    """Headers; names are case-insensitive."""

    body: bytes
    """The body, with the content encoding removed."""

    is_whole: bool = True
    """Whether `body` is complete; False if the response exceeded the maximum size."""


class RawResponse(Struct, Generic[ResultT], frozen=True):
    """
    The result of a call and the HTTP responses it was parsed from.

    Attributes:
        parsed: The result that the method returned.
        responses: The responses in order, one for each request of the call, retries included. A
            request without a response is left out.
    """

    parsed: ResultT
    responses: tuple[Response, ...]

    @property
    def status(self) -> int:
        """HTTP status of the last response."""
        return self.responses[-1].status

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the last response."""
        return self.responses[-1].headers

    @property
    def body(self) -> bytes:
        """Body of the last response, with the content encoding removed."""
        return self.responses[-1].body
