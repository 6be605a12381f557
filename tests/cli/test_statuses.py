"""Exit statuses of errors, and the line that reports each."""

import sys
from io import BytesIO, StringIO, TextIOWrapper

import click
import pytest
from rich.console import Console
from rich.file_proxy import FileProxy

import trackingmore_v2
from trackingmore_v2 import _errors
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._failures import describe, print_error, report
from trackingmore_v2_cli._secrets import remember
from trackingmore_v2_cli._statuses import MEANINGS, ExitStatus, is_expected, status_of
from trackingmore_v2_sandbox import SandboxError

STATUSES = {
    ExitStatus.REJECTED: {
        *("ApiError", "BatchInterrupted", "BatchTooLarge", "Conflict", "EventLogUnavailable"),
        *("InvalidCarrier", "InvalidParameters", "InvalidStatus", "InvalidTrackingNumber"),
        *("JournalError", "JournalInUse", "JournalLost", "JournalUnavailable"),
        *("MethodNotAllowed", "RouteNotFound", "TrackingExists", "TrackingMoreError"),
        "WebhookError",
    },
    ExitStatus.USAGE: {
        *("ConfigurationError", "InvalidInput", "JournalMismatch", "NotASandbox", "SandboxError"),
    },
    ExitStatus.TRANSPORT: {
        *("ClientClosed", "ConnectionFailed", "ContractBroken", "DeadlineExceeded"),
        *("InvalidCertificate", "LimiterUnavailable", "PoolFull", "ResponseTooLarge"),
        *("ServerFailed", "TimedOut", "TrackingMismatch", "TransportError"),
    },
    ExitStatus.PARTIAL: {"BatchRejected"},
    ExitStatus.KEY: {"AccessDenied", "InvalidKey"},
    ExitStatus.NOT_FOUND: {"CarrierNotDetected", "NoResult", "TrackingNotFound"},
    ExitStatus.QUOTA: {"BudgetExceeded", "QuotaExhausted", "RateLimited"},
}
"""The status of each error class. A new class has to be listed."""


def error_classes() -> dict[str, type[Exception]]:
    """Return all error classes of the client, and that of the sandbox, by name."""
    names = [*_errors.__all__, "BatchRejected", "BatchInterrupted"]
    found = {name: getattr(trackingmore_v2, name) for name in names}
    errors = {name: kind for name, kind in found.items() if issubclass(kind, Exception)}
    return {**errors, "SandboxError": SandboxError}


def test_each_error_class_has_a_status() -> None:
    """None is missing, and none is listed that does not exist."""
    expected = {name: status for status, names in STATUSES.items() for name in names}

    assert {name: status_of(kind) for name, kind in error_classes().items()} == expected
    assert sum(map(len, STATUSES.values())) == len(expected)


def test_each_status_has_a_meaning() -> None:
    """`help exit-codes` lists them."""
    assert set(MEANINGS) == set(ExitStatus)


def test_class_of_a_library_has_no_status() -> None:
    """Although one of the client's has the same name."""
    kind = type("TransportError", (Exception,), {"__module__": "httpx2"})

    assert not is_expected(kind)
    assert status_of(kind) is ExitStatus.REJECTED


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CommandError("no", ExitStatus.QUOTA), ("no", 7)),
        (click.ClickException("no"), ("no", 1)),
        (click.UsageError("no"), ("no. See: trackingmore-v2 --help", 2)),
        (click.UsageError("No."), ("No. See: trackingmore-v2 --help", 2)),
        (click.UsageError("no (x)"), ("no (x). See: trackingmore-v2 --help", 2)),
        (click.FileError("a.csv", "is a folder"), ("Could not open file 'a.csv': is a folder", 1)),
        (click.Abort(), ("interrupted", 130)),
        (BrokenPipeError(32, "Broken pipe"), ("", 141)),
        (OSError(28, "No space left on device"), ("No space left on device", 1)),
        (OSError(2, "No such file", "a.csv"), ("a.csv: No such file", 1)),
        (OSError("odd"), ("odd", 1)),
        (
            UnicodeDecodeError("utf-8", b"ab\xff", 2, 3, "invalid start byte"),
            ("the input is not text in utf-8: byte 0xff at 2", 2),
        ),
        (
            KeyError("x"),
            (
                "internal error: KeyError: 'x'. Please report it, with what --verbose prints",
                1,
            ),
        ),
    ],
)
def test_line_and_status(error: Exception, expected: tuple[str, int]) -> None:
    """Each kind of error has its own."""
    assert describe(error) == expected


def test_report_is_one_safe_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A server's message may have escape sequences, and a library's may quote the key."""
    key = remember("ba5eba11-0000-4000-8000-00000ba5eba1")
    report(CommandError(f"one\n\x1b[31mtwo\r\u202ethree {key}"), verbose=False)

    assert capsys.readouterr().err == "trackingmore-v2: one [31mtwo three ***\n"


def test_traceback_of_an_unexpected_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Only `--verbose` shows it, without the key."""
    key = remember("ba5eba11-0000-4000-8000-00000ba5eba1")

    error = ValueError(f"odd {key}")
    error.__cause__ = KeyError(key)

    report(error, verbose=False)
    brief = capsys.readouterr().err
    report(error, verbose=True)
    full = capsys.readouterr().err
    report(CommandError("expected"), verbose=True)

    assert brief.count("\n") == 1
    assert full.startswith("KeyError: '***'\n")
    assert full.endswith(brief)
    assert key not in full
    assert "Traceback" not in capsys.readouterr().err


def test_error_appears_above_a_live_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written to what replaces standard error, not to the stream below."""
    shown, below = StringIO(), TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True)
    monkeypatch.setattr(sys, "stderr", FileProxy(Console(file=shown), below))

    print_error("no")

    assert shown.getvalue() == "trackingmore-v2: no\n"
