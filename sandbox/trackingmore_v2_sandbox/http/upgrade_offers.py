"""
HTTP protocols for uvicorn that ignore offers to upgrade a connection, as RFC 9110 allows.

Java's HTTP client and `curl --http2` offer HTTP/2 (h2c) with a request. httptools stops parsing
after the head of such a request, and takes its body for the next request.
"""

import asyncio
from array import array

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class IgnoresOffers(HttpToolsProtocol):
    """uvicorn's protocol on httptools, which reads a request with an offer twice."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Replace the parser that uvicorn created."""
        super().connection_made(transport)
        self.parser = _Parser(self)

    def on_headers_complete(self) -> None:
        """Ignore a head with an offer, which follows again without it."""
        if not self.parser.should_upgrade() or not self.has_offer():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Ignore the end of a head with an offer."""
        if not self.parser.should_upgrade() or not self.has_offer():
            super().on_message_complete()

    def has_offer(self) -> bool:
        """Return whether the parser stops after this head because of an offer."""
        return self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"

    def restart(self) -> "_Parser":
        """Parse the head again, without the offer, by a new parser, which reads on from there."""
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        lines += [b"%s: %s" % each for each in self.headers if each[0] != b"upgrade"]
        # The old parser ignores all that follows a request with `Connection: close`.
        self.parser = parser = _Parser(self)
        parser.feed_data(b"\r\n".join([*lines, b"", b""]))
        return parser


class _Parser(httptools.HttpRequestParser):
    def __init__(self, protocol: IgnoresOffers) -> None:
        super().__init__(protocol)
        self.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        self._protocol = protocol

    def feed_data(self, data: "bytes | bytearray | memoryview | array[int]") -> None:
        parser, rest = self, memoryview(data)
        while True:
            try:
                return super(_Parser, parser).feed_data(rest)
            except httptools.HttpParserUpgrade as error:
                if not self._protocol.has_offer():
                    raise
                parser, rest = self._protocol.restart(), rest[error.args[0] :]
