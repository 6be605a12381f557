"""Parquet files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from trackingmore_v2_cli._errors import CommandError, MissingExtra
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables._values import typed_row
from trackingmore_v2_cli._tables.rows import Row, columns_of

_BATCH: Final = 1000
"""Number of rows that are in memory at once."""


class ParquetFile:
    """
    A Parquet file.

    Args:
        path: The file.

    Attributes:
        columns: The names of its columns.
        unit: What row numbers count.
    """

    def __init__(self, path: Path) -> None:
        self.unit: Final = "row"
        self._path: Final = path
        self.columns: Final = columns_of(self._open().schema_arrow.names)

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not blank."""
        number = 0
        for batch in self._batches():
            for number, values in enumerate(zip(*batch, strict=True), number + 1):  # noqa: B020 - goes on counting
                row = typed_row(number, self.columns, values)
                if row:
                    yield row

    def _batches(self) -> Iterator[list[list[Any]]]:
        """Yield the columns of each batch."""
        try:
            for batch in self._open().iter_batches(_BATCH, use_threads=False):
                yield [column.to_pylist() for column in batch.columns]
        except (OSError, ValueError) as error:  # ArrowInvalid is a ValueError
            raise self._unreadable(error) from error

    def _open(self) -> Any:  # noqa: ANN401 - pyarrow has no types
        try:
            from pyarrow import parquet  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra  # pyright: ignore[reportMissingTypeStubs]
        except ModuleNotFoundError as missing:
            raise MissingExtra(missing, "parquet") from None
        try:
            return parquet.ParquetFile(self._path, pre_buffer=False)
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> CommandError:
        return CommandError(f"{self._path} cannot be read as Parquet: {error}", ExitStatus.USAGE)
