"""Tables of the command line: any bytes are read, or rejected with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._importing.outcomes import REJECTED, Outcome
from trackingmore_v2_cli._importing.rejects import write_rejects
from trackingmore_v2_cli._tables.reading import open_table

HOSTILE = (
    *(b'"', b"\n", b"\r", b"\0", b",", b";", b"\t", b"\xff", b"\xc3\xa4", b"\xef\xbb\xbf"),
    *(b"{", b"}", b"[", b'{"a": "\\ud800"}\n', b'{"b": 1e5}\n', b"=1+1", b"'=", b" ", b"a", b"1"),
)
CODECS = ("utf-8", "utf-16", "cp1252", "shift_jis")


@given(content=st.lists(st.sampled_from(HOSTILE)).map(b"".join), encoding=st.sampled_from(CODECS))
def test_rejected_rows_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, encoding: str
) -> None:
    """Each row that is read can be written as a rejected one, and read again."""
    folder = tmp_path_factory.mktemp("any")
    for name in ("a.csv", "a.jsonl"):
        path = folder / name
        path.write_bytes(content)
        try:
            table = open_table(str(path), encoding=encoding)
        except CommandError:
            continue
        found = [Outcome(row, REJECTED, "wrong") for row in table]
        write_rejects(folder / "rejects.csv", table, found)
        with open_table(str(folder / "rejects.csv"), delimiter=table.delimiter) as rejects:
            numbers = [row.cells["reject_line"] for row in rejects]
        assert numbers == [str(each.row.number) for each in found]
