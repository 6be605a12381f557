"""The system's keyring, which may be missing, locked, or never respond."""

import os
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus

_LIMIT: Final = 3.0
"""Seconds to wait for the keyring."""

_MAX_LIMIT: Final = 3600
_SERVICE: Final = "trackingmore-v2"
_INSTEAD: Final = f"run: trackingmore-v2 login --store file, or set {_variables.KEY}"
ResultT = TypeVar("ResultT")


class KeyringStore:
    """Keys in the system's keyring."""

    @property
    def place(self) -> str:
        """Where the keys are, for messages."""
        return "the keyring"

    def get(self, name: str) -> str | None:
        """Return a key, or None."""
        key: str | None = self._call(lambda keyring: keyring.get_password(_SERVICE, name))
        return key

    def set(self, name: str, key: str) -> None:
        """Store a key, and check that it is there: a backend may drop it silently."""
        self._call(lambda keyring: keyring.set_password(_SERVICE, name, key))
        if self.get(name) != key:
            raise _failed("it did not keep the key")

    def delete(self, name: str) -> None:
        """Remove a key; none is no error."""
        if self.get(name) is not None:
            self._call(lambda keyring: keyring.delete_password(_SERVICE, name))

    def _call(self, action: Callable[[Any], ResultT]) -> ResultT:
        return within(time_limit(), lambda: action(_open()))


def time_limit() -> float:
    """
    Return how many seconds to wait for the keyring.

    Raises:
        CommandError: The variable that sets it is invalid.
    """
    text = os.environ.get(_variables.KEYRING_TIMEOUT) or _LIMIT
    with suppress(ValueError):
        if 0 <= (limit := float(text)) <= _MAX_LIMIT:
            return limit
    raise CommandError(
        f"{_variables.KEYRING_TIMEOUT} must be a number of seconds up to {_MAX_LIMIT}, "
        f"not {text!r}",
        ExitStatus.USAGE,
    )


def within(limit: float, action: Callable[[], ResultT]) -> ResultT:
    """
    Return the result of an action of the keyring, or raise an error after the limit.

    Args:
        limit: Seconds to wait. The thread that goes on waiting ends with the process.
        action: The action.

    Raises:
        CommandError: The action failed, or did not end in time.
    """
    results: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            results.put((action(), None))
        except Exception as error:  # noqa: BLE001 - backends raise errors of any library
            results.put((None, error))

    Thread(target=run, name="keyring", daemon=True).start()
    try:
        result, error = results.get(timeout=limit)
    except Empty:
        raise _failed(
            f"it did not respond within {limit:g} s (if it asks for a password, set "
            f"{_variables.KEYRING_TIMEOUT} to more seconds)"
        ) from None
    if error is None:
        return result  # type: ignore[no-any-return]  # the queue's type is that of errors, too
    raise error if isinstance(error, CommandError) else _failed(_reason(error)) from None


def _open() -> Any:  # noqa: ANN401 - the module of an optional package
    """Return the module, with a backend that encrypts, or the one that the user configured."""
    try:
        # An extra, imported for profiles in the keyring only. Its types are incomplete.
        keyring: Any = import_module("keyring")
    except ModuleNotFoundError:
        raise CommandError(
            "keyring is not installed; run: python3 -m pip install 'trackingmore-v2[keyring]', "
            f"or {_INSTEAD}",
            ExitStatus.KEY,
        ) from None
    keyring.core.init_backend(keyring.core.recommended)
    return keyring


def _reason(error: Exception) -> str:
    if type(error).__name__ == "NoKeyringError":
        return "this system has none that is usable"
    return f"{type(error).__name__}: {error}"


def _failed(reason: str) -> CommandError:
    return CommandError(f"the keyring failed: {reason}; {_INSTEAD}", ExitStatus.KEY)
