"""Decoder for response bodies, with a size limit on compressed and decompressed bytes."""

import zlib
from collections.abc import Mapping
from typing import Final

CONTENT_CODING: Final = "gzip"
"""The content coding that is requested and decoded. Any other one is left as it is."""

EXCERPT_SIZE: Final = 1_000
"""Bytes that are kept of a body that exceeds the limit."""

MAX_MEMBERS: Final = 10_000
"""Maximum number of gzip members in a body: each is copied and decompressed by itself."""

_MEMBER_START: Final = b"\x1f\x8b"
_WITH_GZIP_HEADER: Final = zlib.MAX_WBITS | 16


class BodyDecoder:
    """
    Incremental decoder of one body.

    A few bytes of gzip may expand to gigabytes, so no chunk is decompressed beyond the limit.
    """

    def __init__(self, headers: Mapping[str, str], limit: int) -> None:
        is_gzip = headers.get("Content-Encoding", "").strip().lower() == CONTENT_CODING
        self._decompressor = zlib.decompressobj(_WITH_GZIP_HEADER) if is_gzip else None
        self._members = 1
        self._rest: bytes | None = b""
        """Bytes too few to recognize another member; None after bytes that are none."""

        self._chunks: list[bytes] = []
        self._remaining = limit
        self._remaining_compressed = limit

    @property
    def is_whole(self) -> bool:
        """Whether the body is within the limit so far."""
        return self._remaining >= 0 and self._remaining_compressed >= 0

    def feed(self, chunk: bytes) -> bool:
        """
        Add a chunk as received, and return whether the body is within the limit.

        Raises:
            zlib.error: The chunk is not gzip, although the headers say so.
        """
        if not self._decompressor:
            return self.feed_decoded(chunk)
        # Limited as well, since compressed bytes may expand to nothing, without an end.
        self._remaining_compressed -= len(chunk)
        while chunk:
            if self._decompressor.eof and not (chunk := self._start_member(chunk)):
                break
            # One byte more than remains is enough to exceed the limit.
            self.feed_decoded(self._decompressor.decompress(chunk, self._remaining + 1))
            chunk = self._decompressor.unused_data if self.is_whole else b""
        return self.is_whole

    def _start_member(self, chunk: bytes) -> bytes:
        """Return what is to be decompressed after the end of a member, which may be nothing."""
        if self._rest is None:
            return b""
        chunk = (self._rest + chunk).lstrip(b"\0")  # zeros are padding
        if not chunk.startswith(_MEMBER_START):
            self._rest = chunk if _MEMBER_START.startswith(chunk) else None
            return b""
        self._rest = b""
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise zlib.error(f"more than {MAX_MEMBERS} gzip members")
        self._decompressor = zlib.decompressobj(_WITH_GZIP_HEADER)
        return chunk

    def feed_decoded(self, chunk: bytes) -> bool:
        """Add a decoded chunk, and return whether the body is within the limit."""
        self._remaining -= len(chunk)
        self._chunks.append(chunk)
        return self.is_whole

    def content(self) -> bytes:
        """
        Return the body, or an excerpt of its beginning if it exceeds the limit.

        Raises:
            zlib.error: The gzip stream is truncated.
        """
        if not self.is_whole:
            return next(filter(None, self._chunks), b"")[:EXCERPT_SIZE]
        # A body without a byte is fine, even if its headers announce gzip.
        if self._decompressor and self._chunks and not self._decompressor.eof:
            raise zlib.error("the gzip stream of the response is truncated")
        return b"".join(self._chunks)
