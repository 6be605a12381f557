"""The rows of an import, their states, and how a journal stores them. Nothing here does I/O."""

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from operator import attrgetter
from typing import Final, TypeAlias

from msgspec import Struct, field, json, msgpack

from trackingmore_v2._batch.operations import CREATE, Sendable
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2_api import models

Key: TypeAlias = tuple[str, str, int]
"""Carrier, number and index of a row."""


class RowState(StrEnum):
    """The state of a row of an import. Each row ends in exactly one of them but PENDING."""

    PENDING = "pending"
    """The row is still to be sent, or its outcome is still to be found out."""

    CREATED = "created"
    """The tracking was created."""

    ADOPTED = "adopted"
    """The account has the tracking, and a request without a response created it."""

    ALREADY_EXISTED = "already_existed"
    """The tracking was not created, because the account has it already."""

    REJECTED = "rejected"
    """The API rejected the row; `code` and `message` hold the reason."""

    INVALID = "invalid"
    """The row is invalid and was not sent; `message` names the field."""

    DUPLICATE = "duplicate"
    """An earlier row has the same carrier and number, and was sent for both."""

    UNKNOWN = "unknown"
    """Several responses left the row out, and the account did not list the tracking."""


FAILURES: Final = (RowState.REJECTED, RowState.INVALID, RowState.UNKNOWN)
"""States of rows that did not succeed."""


class Row(Struct, array_like=True, omit_defaults=True, gc=False):
    """One row of the input."""

    state: RowState
    carrier: str = ""
    number: str = ""
    item: bytes | None = None
    """The row as it is sent, in JSON; None once it is not needed any more."""

    code: int | None = None
    message: str = ""
    in_doubt: bool = False
    """Whether a request without a response may have changed the outcome."""

    duplicate_of: int | None = None
    """Index of the earlier row with the same carrier and number."""

    @classmethod
    def of(cls, model: Sendable | InvalidInput, item: bytes) -> "Row":
        """Return the row of a model with its JSON, or of the error of an invalid one."""
        if isinstance(model, models.CreateTrackingItem):
            return cls(RowState.PENDING, model.carrier_code, model.tracking_number, item)
        error = model if isinstance(model, InvalidInput) else InvalidInput("item", "is invalid")
        carrier, number = error.carrier_code or "", error.tracking_number or ""
        reason = f"{error.field} {error.reason}"
        return cls(RowState.INVALID, carrier, number, message=reason)

    def end(
        self, state: RowState, code: int | None = None, message: str = "", *, in_doubt: bool = False
    ) -> None:
        """Set the final state, and drop what is not needed any more."""
        self.state, self.item = state, None
        if code or message or in_doubt:  # few rows have any of them
            self.code, self.message, self.in_doubt = _storable(code), message, in_doubt

    def repeat(self, first: int) -> None:
        """Set the state of a row whose carrier and number an earlier one has."""
        self.end(RowState.DUPLICATE)
        self.duplicate_of = first


class Chunk(Struct):
    """Consecutive rows: those of one call, and the ones between them that are not sent."""

    first: int
    """Index of the first row."""

    rows: list[Row]

    @property
    def pending(self) -> list[Row]:
        """The rows without a final state."""
        return [row for row in self.rows if row.state is RowState.PENDING]

    def packed(self) -> bytes:
        """Return the rows as a journal stores them."""
        # Rows of one chunk are alike: the details of forty orders take no more than ten do.
        return zlib.compress(_encoder.encode(self.rows), 1)

    @classmethod
    def unpacked(cls, first: int, rows: bytes) -> "Chunk":
        """Return a chunk from what a journal stores."""
        return cls(first, _decoder.decode(zlib.decompress(rows)))


def _storable(code: int | None) -> int | None:
    """Return a code; None if it is larger than a journal can store, as no code of the API is."""
    return code if code is None or code.bit_length() <= _BITS else None


_BITS: Final = 63
_state_of: Final = attrgetter("state")
_encoder: Final = msgpack.Encoder()
_decoder: Final = msgpack.Decoder(list[Row])


class State(Struct):
    """How far an import is. The journal stores it with each change."""

    account: str
    """Digest of the API key."""

    base_url: str
    rows: int = 0
    """Number of rows that were loaded."""

    digest: str = ""
    """Digest of these rows."""

    is_loaded: bool = False
    """Whether these rows are the whole input."""

    next: int = 0
    """Index of the first row of the chunk that is sent next."""

    is_sent: bool = False
    """Whether this chunk was sent; the journal notes when it first was."""

    in_doubt: bool = False
    """Whether a request with this chunk may have been carried out, and no response settles it."""

    counts: dict[RowState, int] = field(default_factory=dict[RowState, int])
    """Number of rows in each final state."""

    @property
    def done(self) -> int:
        """Number of rows in a final state."""
        return sum(self.counts.values())

    def add(self, rows: Iterable[Row]) -> None:
        """Count rows that have reached their final state."""
        found = Counter(map(_state_of, rows))
        del found[RowState.PENDING]
        self.counts = dict(Counter(self.counts) + found)


def rows_of(given: Sequence[Sendable | InvalidInput]) -> tuple[list[Row], bytes]:
    """Return the rows of models and errors, and the bytes that their digest is made of."""
    models = list(map(_plain, given))
    lines = _line_encoder.encode_lines(models)
    return list(map(Row.of, models, lines.split(b"\n"))), lines


def _plain(given: Sendable | InvalidInput) -> Sendable | InvalidInput:
    """Return a model without the fields that a user's subclass may add."""
    kind = models.CreateTrackingItem
    if type(given) is kind or isinstance(given, InvalidInput):
        return given
    return kind(**{name: getattr(given, name) for name in kind.__struct_fields__})


def _parts(error: InvalidInput) -> list[str]:
    return [error.field, error.reason]


_line_encoder: Final = json.Encoder(enc_hook=_parts)


def end_duplicates(
    rows: Sequence[Row], first: int, add_keys: Callable[[Sequence[Key]], dict[int, int]]
) -> None:
    """
    End the rows whose carrier and number an earlier row has.

    Args:
        rows: Consecutive rows.
        first: Index of the first of them.
        add_keys: Adds keys to an index, and returns those that it has, as `{index: earlier index}`.
    """
    keys = [
        (row.carrier, row.number, index)
        for index, row in enumerate(rows, first)
        if row.state is RowState.PENDING
    ]
    for index, earlier in (add_keys(keys) if keys else {}).items():
        rows[index - first].repeat(earlier)


def chunks_of(first: int, rows: list[Row]) -> Iterator[Chunk]:
    """Yield consecutive rows in chunks, each with as many pending rows as one call takes."""
    pending = [position for position, row in enumerate(rows) if row.state is RowState.PENDING]
    starts = [0, *pending[CREATE.max_items :: CREATE.max_items]]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        if end > start:
            yield Chunk(first + start, rows[start:end])
