"""The body of an answer as it comes in: decoded, and no more of it than a client takes."""

import zlib
from collections.abc import Mapping
from typing import Final

ACCEPTED: Final = "gzip"
"""The content coding that is asked for. Any other is not decoded, nor is one within another."""

BEGINNING: Final = 1_000
"""Bytes that are kept of a body for which there is no room."""

_WITH_GZIP_HEADER: Final = zlib.MAX_WBITS | 16


class BodyDecoder:
    """
    Gathers the pieces of one body.

    A few bytes of gzip may stand for gigabytes, so no piece is decoded further than there is room.
    """

    def __init__(self, headers: Mapping[str, str], limit: int) -> None:
        is_packed = headers.get("Content-Encoding", "").strip().lower() == ACCEPTED
        self._unpacker = zlib.decompressobj(_WITH_GZIP_HEADER) if is_packed else None
        self._pieces: list[bytes] = []
        self._room = limit
        self._room_for_packed = limit

    @property
    def is_whole(self) -> bool:
        """Whether there was room for all that came."""
        return self._room >= 0 and self._room_for_packed >= 0

    def take(self, piece: bytes) -> bool:
        """
        Add a piece as it came, and tell whether there was room for it.

        Raises:
            zlib.error: It is not gzip, as the headers said.
        """
        if self._unpacker:
            self._room_for_packed -= len(piece)
            # What follows the end would only be piled up.
            piece = b"" if self._unpacker.eof else self._unpacker.decompress(piece, self._room + 1)
        return self.add(piece)

    def add(self, piece: bytes) -> bool:
        """Add a piece that is decoded, and tell whether there was room for it."""
        self._room -= len(piece)
        self._pieces.append(piece)
        return self.is_whole

    def content(self) -> bytes:
        """
        Give the whole body, or its beginning.

        Raises:
            zlib.error: It came to its end too early.
        """
        if not self.is_whole:
            return next(filter(None, self._pieces), b"")[:BEGINNING]
        if self._unpacker and self._pieces and not self._unpacker.eof:
            raise zlib.error("the answer ends in the middle of its gzip")
        return b"".join(self._pieces)
