"""Decoder for response bodies, with limits on compressed and decompressed bytes and on chunks."""

import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

CONTENT_CODING: Final = "gzip"
"""The content coding that is requested and decoded. Any other one is left as it is."""

EXCERPT_SIZE: Final = 1_000
"""Bytes that are kept of a body that exceeds the limit."""

MAX_MEMBERS: Final = 10_000
"""Maximum number of gzip members in a body: each is copied and decompressed by itself."""

MAX_TINY_CHUNKS: Final = 20_000
MIN_CHUNK_SIZE: Final = 64
"""A body may have `MAX_TINY_CHUNKS` chunks, and one more for every `MIN_CHUNK_SIZE` bytes."""

_STEP: Final = 2**20
"""Bytes that are decompressed at once."""

_MEMBER_START: Final = b"\x1f\x8b"
_WITH_GZIP_HEADER: Final = zlib.MAX_WBITS | 16


class TooManyChunks(Exception):
    """A body consists of too many chunks that are too small."""


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

        self._body = BytesIO()  # holds many small chunks without a cost for each, and copies none
        self._spare = MAX_TINY_CHUNKS * MIN_CHUNK_SIZE
        """Bytes by which the chunks to come may be smaller than `MIN_CHUNK_SIZE`, in all."""

        self._limit = limit
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
            TooManyChunks: There are too many chunks for the size of the body so far.
        """
        self._spare += len(chunk) - MIN_CHUNK_SIZE
        if self._spare < 0:
            allowed = f"{MAX_TINY_CHUNKS} chunks, and one for every {MIN_CHUNK_SIZE} bytes"
            raise TooManyChunks(f"the body consists of more than {allowed}")
        if not self._decompressor:
            return self.feed_decoded(chunk)
        # Limited as well, since compressed bytes may expand to nothing, without an end.
        self._remaining_compressed -= len(chunk)
        while chunk:
            if self._decompressor.eof and not (chunk := self._start_member(chunk)):
                break
            chunk = self._decompress(chunk)
        return self.is_whole

    def _decompress(self, chunk: bytes) -> bytes:
        """Decompress up to the end of a member, and return the bytes after it."""
        decompressor: Any = self._decompressor
        has_more = True
        while has_more:
            # One byte more than remains is enough to exceed the limit.
            step = min(self._remaining + 1, _STEP)
            decompressed: bytes = decompressor.decompress(chunk, step)
            self.feed_decoded(decompressed)
            chunk = decompressor.unconsumed_tail
            has_more = self.is_whole and not decompressor.eof and len(decompressed) == step
        after: bytes = decompressor.unused_data
        return after if self.is_whole else b""

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
        self._body.write(chunk)
        return self.is_whole

    def content(self) -> bytes:
        """
        Return the body, or an excerpt of its beginning if it exceeds the limit.

        Raises:
            zlib.error: The gzip stream is truncated.
        """
        if not self.is_whole:
            return bytes(self._body.getbuffer()[:EXCERPT_SIZE])
        # A body without a byte is fine, even if its headers announce gzip.
        is_begun = self._remaining_compressed < self._limit
        if self._decompressor and is_begun and not self._decompressor.eof:
            raise zlib.error("the gzip stream of the response is truncated")
        return self._body.getvalue()
