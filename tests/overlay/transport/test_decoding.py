"""Limits of response sizes, compressed and not."""

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from itertools import repeat
from typing import Any

import httpx2
import pytest

from tests.overlay.stubs import KEY, URL, Recorder, async_client_of, client_of
from trackingmore_v2 import (
    AsyncTrackingMore,
    ConnectionFailed,
    ContractBroken,
    ResponseTooLarge,
    TrackingMore,
    models,
)
from trackingmore_v2._transport.decoding import (
    EXCERPT_SIZE,
    MAX_MEMBERS,
    MAX_TINY_CHUNKS,
    MIN_CHUNK_SIZE,
    BodyDecoder,
    TooManyChunks,
)

ACCOUNT = b'{"meta":{"code":200},"data":{"email":"user@example.com"}}'
MOST = len(ACCOUNT)
GZIP = {"Content-Encoding": "gzip"}
MEBIBYTE = 2**20


class Pieces(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that is sent piece by piece, as far as it is read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.sent = 0
        self.is_closed = False
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.sent += 1
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        """Note that no more is wanted."""
        self.is_closed = True

    async def aclose(self) -> None:
        """Note that no more is wanted."""
        self.close()


Fetch = Callable[[Recorder, int], Awaitable[models.Account]]


async def fetch(server: Recorder, most: int) -> models.Account:
    """Ask with a client that blocks."""
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = TrackingMore(KEY, base_url=URL, max_response_size=most, http_client=http)
    return client.account.get()


async def ask_within_a_deadline(server: Recorder, most: int) -> models.Account:
    """Ask with a client that blocks, and that has little time."""
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = TrackingMore(KEY, base_url=URL, deadline=60, max_response_size=most, http_client=http)
    return client.account.get()


async def ask_async(server: Recorder, most: int) -> models.Account:
    """Ask with a client that is awaited."""
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(server))
    client = AsyncTrackingMore(KEY, base_url=URL, max_response_size=most, http_client=http)
    return await client.account.get()


by_each_client = pytest.mark.parametrize(
    "client", [fetch, ask_within_a_deadline, ask_async], ids=["sync", "sync-deadline", "async"]
)


def sending(pieces: Iterable[bytes], headers: dict[str, str] | None = None) -> Recorder:
    """Build a server that sends pieces."""
    pieces = list(pieces)
    return Recorder(lambda _: httpx2.Response(200, headers=headers, stream=Pieces(pieces)))


def zeros(mebibytes: int) -> bytes:
    """Pack many zeros without unpacking them first: each block of them looks like the others."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    first, other = (
        packer.compress(bytes(MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    return first + other * (mebibytes - 1)


def peak_of(action: Callable[[], object]) -> int:
    """Return how many bytes an action needs at a time."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@by_each_client
@pytest.mark.parametrize(
    "server_of",
    [
        lambda whole: sending([whole]),
        lambda whole: sending([whole[:20], b"", whole[20:]]),
        lambda whole: sending([gzip.compress(whole)], GZIP),
        Recorder,
        lambda whole: Recorder(
            lambda _: httpx2.Response(200, headers=GZIP, content=gzip.compress(whole))
        ),
    ],
    ids=["one-piece", "pieces", "packed", "read-before", "read-before-and-packed"],
)
async def test_a_response_of_the_maximum_size_is_read(
    client: Fetch, server_of: Callable[[bytes], Recorder]
) -> None:
    """A response of the maximum size is read; one byte more is too large."""
    whole = ACCOUNT + b" " * 1_000
    server = server_of(whole)
    read = await client(server, len(whole))
    with pytest.raises(ResponseTooLarge) as caught:
        await client(server, len(whole) - 1)

    assert read == models.Account(email="user@example.com")
    assert caught.value.in_doubt
    assert len(server.requests) == 2
    assert f"more than {len(whole) - 1} bytes" in str(caught.value)
    assert whole.startswith(caught.value.body)
    assert 0 < len(caught.value.body) <= EXCERPT_SIZE


@by_each_client
async def test_a_larger_response_is_not_read_to_its_end(client: Fetch) -> None:
    """The connection is closed as soon as it is known, though the server would send for ever."""
    body = Pieces([b"x" * 1_000] * 1_000_000)
    server = Recorder(lambda _: httpx2.Response(502, stream=body))
    with pytest.raises(ResponseTooLarge) as caught:
        await client(server, 5_000)

    assert body.sent == 6
    assert body.is_closed
    assert caught.value.status == 502
    assert len(server.requests) == 1


def test_a_decompression_bomb_takes_no_more_memory_than_the_limit() -> None:
    """Ten megabytes that stand for ten gigabytes, in one piece, are unpacked up to the limit."""
    bomb, most = zeros(10_000), 4 * MEBIBYTE
    body = BodyDecoder(GZIP, most)
    peak = peak_of(lambda: body.feed(bomb))

    assert not body.is_whole
    assert peak < 2.5 * most + len(bomb)
    assert body.content() == bytes(EXCERPT_SIZE)


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (gzip.compress(ACCOUNT), b"x" * 100_000),
        (gzip.compress(b"")[:10], b"\x00\x00\x00\xff\xff" * 20_000),
    ],
    ids=["after-the-end", "empty-blocks"],
)
def test_compressed_bytes_without_content_count(start: bytes, piece: bytes) -> None:
    """A stream that never ends, and never says anything, is neither kept nor followed for ever."""
    body = BodyDecoder(GZIP, MEBIBYTE)
    body.feed(start)
    peak = peak_of(lambda: any(not body.feed(piece) for _ in range(1_000)))

    assert not body.is_whole
    assert peak < MEBIBYTE


@by_each_client
async def test_compressed_responses_are_requested_and_decompressed(client: Fetch) -> None:
    """A byte at a time is the same, and so is a name in capitals."""
    packed = gzip.compress(ACCOUNT)
    server = sending(
        [packed[at : at + 1] for at in range(len(packed))], {"content-encoding": "GZip"}
    )

    assert await client(server, 10_000) == models.Account(email="user@example.com")
    assert server.requests[0].headers["Accept-Encoding"] == "gzip"


@by_each_client
@pytest.mark.parametrize(
    "pieces",
    [[gzip.compress(ACCOUNT)[:-1]], [gzip.compress(ACCOUNT)[:9]], [ACCOUNT], [b"\x1f\x8b\xff"]],
    ids=["no-end", "header-only", "not-packed", "broken"],
)
async def test_a_truncated_compressed_response_is_a_transport_error(
    client: Fetch, pieces: list[bytes]
) -> None:
    """A truncated or damaged response is retried."""
    server = sending(pieces, GZIP)
    with pytest.raises(ConnectionFailed) as caught:
        await client(server, 10_000)

    assert caught.value.in_doubt
    assert isinstance(caught.value.__cause__, zlib.error)
    assert len(server.requests) == 3


@by_each_client
@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "identity"])
async def test_only_requested_codings_are_decompressed(client: Fetch, coding: str) -> None:
    """Packing within packing multiplies, so it is left as it is."""
    twice = gzip.compress(gzip.compress(ACCOUNT))
    with pytest.raises(ContractBroken) as caught:
        await client(sending([twice], {"Content-Encoding": coding}), 10_000)

    assert caught.value.body == twice


@by_each_client
async def test_an_empty_response_need_not_be_compressed(client: Fetch) -> None:
    """A proxy may name a coding for nothing at all."""
    with pytest.raises(ContractBroken) as caught:
        await client(sending([], GZIP), 10_000)

    assert caught.value.body == b""


async def test_a_limit_is_large_unless_it_is_set() -> None:
    """A response of many megabytes, such as a page of 2,000 trackings, is read by default."""
    response = ACCOUNT + b" " * (30 * MEBIBYTE)

    assert client_of(Recorder(response)).account.get().email == "user@example.com"
    assert (await async_client_of(Recorder(response)).account.get()).email == "user@example.com"


@pytest.mark.parametrize("deadline", [None, 60])
def test_a_client_with_other_options_has_the_same_limit(deadline: Any) -> None:
    """The limit goes with the connections."""
    http = httpx2.Client(transport=httpx2.MockTransport(Recorder(ACCOUNT)))
    client = TrackingMore(KEY, base_url=URL, max_response_size=MOST - 1, http_client=http)
    with pytest.raises(ResponseTooLarge):
        client.with_options(deadline=deadline).account.get()


def decoded(body: bytes, size: int) -> bytes:
    """Decode a gzip body that arrives in chunks of a size."""
    decoder = BodyDecoder(GZIP, 10_000)
    for at in range(0, len(body), size):
        assert decoder.feed(body[at : at + size])
    return decoder.content()


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
@pytest.mark.parametrize("between", [b"", bytes(512)], ids=["adjacent", "padded"])
@pytest.mark.parametrize("rest", [b"", b"\x1f", b"x\x1f\x8b", bytes(3)], ids=repr)
def test_every_gzip_member_is_read(size: int, between: bytes, rest: bytes) -> None:
    """A proxy may append members to a body; what is no member at its end is ignored."""
    members = [ACCOUNT[:10], b"", ACCOUNT[10:30], ACCOUNT[30:]]
    body = between.join(map(gzip.compress, members)) + rest

    assert decoded(body, size) == ACCOUNT


def test_the_last_member_must_be_complete() -> None:
    """Half a member is half a response."""
    body = gzip.compress(ACCOUNT) + gzip.compress(b"more")[:-1]
    with pytest.raises(zlib.error, match="truncated"):
        decoded(body, 10)


def test_members_are_limited_together() -> None:
    """In bytes, and in number, since an empty one costs time but no byte of the limit."""
    decoder = BodyDecoder(GZIP, len(ACCOUNT))

    assert decoder.feed(gzip.compress(ACCOUNT[:20]))
    assert not decoder.feed(gzip.compress(ACCOUNT))
    with pytest.raises(zlib.error, match="members"):
        BodyDecoder(GZIP, MEBIBYTE).feed(gzip.compress(b"") * (MAX_MEMBERS + 1))


@by_each_client
async def test_a_body_of_tiny_chunks_is_not_read_to_its_end(client: Fetch) -> None:
    """Each chunk costs the time of many bytes, so it counts as no complete response."""
    bodies = [Pieces(repeat(b" ", 1_000_000)) for _ in range(3)]
    unsent = iter(bodies)
    server = Recorder(lambda _: httpx2.Response(200, stream=next(unsent)))
    with pytest.raises(
        ConnectionFailed, match="more than 20000 chunks, and one for every"
    ) as caught:
        await client(server, 10_000_000)

    assert caught.value.in_doubt
    assert all(body.sent < 1.02 * MAX_TINY_CHUNKS + 2 for body in bodies)
    assert all(body.is_closed for body in bodies)


def test_chunks_are_tiny_on_average() -> None:
    """A few tiny ones do not matter among larger ones, before them or after them."""
    body = BodyDecoder({}, 100 * MEBIBYTE)
    for size in (MIN_CHUNK_SIZE, 2 * MIN_CHUNK_SIZE, 0, 1, MIN_CHUNK_SIZE - 1):
        for _ in range(MAX_TINY_CHUNKS):
            assert body.feed(bytes(size))
    with pytest.raises(TooManyChunks):
        any(not body.feed(b"") for _ in range(MAX_TINY_CHUNKS))


@pytest.mark.parametrize("size", [MIN_CHUNK_SIZE, 65_536])
def test_a_body_is_kept_only_once(size: int) -> None:
    """Chunks are not kept beside the body that they form."""
    most = 16 * MEBIBYTE

    def decode() -> bytes:
        body = BodyDecoder({}, most)
        for _ in range(most // size):
            body.feed(bytes(size))
        return body.content()

    assert peak_of(decode) < 1.3 * most


def test_a_body_is_decompressed_step_by_step() -> None:
    """A chunk that expands to a large body is not decompressed as a whole before it is kept."""
    most = 16 * MEBIBYTE
    packed = gzip.compress(bytes(most))

    def decode() -> bytes:
        body = BodyDecoder(GZIP, most)
        assert body.feed(packed)
        return body.content()

    assert peak_of(decode) < 1.3 * most


@pytest.mark.parametrize("step", [1, 2, 7, len(ACCOUNT) - 1, len(ACCOUNT), len(ACCOUNT) + 1])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_every_step_of_a_body_is_read(
    monkeypatch: pytest.MonkeyPatch, step: int, size: int
) -> None:
    """Also what the decompressor holds back at the end of a chunk."""
    monkeypatch.setattr("trackingmore_v2._transport.decoding._STEP", step)
    body = ACCOUNT + bytes(1_000)

    assert decoded(gzip.compress(body) + gzip.compress(body), size) == body * 2
