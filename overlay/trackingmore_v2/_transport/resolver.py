"""Name lookups that can be left behind, since the system's resolver cannot be interrupted."""

import os
import socket
from collections.abc import Callable
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Semaphore, Thread
from time import monotonic
from typing import Any, Final

MAX_LOOKUPS: Final = 8
"""Maximum number of lookups at the same time in a process."""


class Resolver:
    """A resolver that looks up names in daemon threads."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Forget the lookups that are running: those of a parent do not end in a forked process."""
        self._free = Semaphore(MAX_LOOKUPS)

    def look_up(self, host: str, port: int, timeout: float | None) -> list[str]:
        """
        Return the IP addresses of a host.

        Args:
            host: A name, or an IP address, which is returned as it is.
            port: The port, on which the addresses may depend.
            timeout: Maximum duration in seconds; None for no limit. A lookup that takes longer
                continues, and its result is discarded.

        Raises:
            TimeoutError: The lookup took too long, or too many others did.
            OSError: There is no such host, or the resolver failed.
            UnicodeError: The name of the host is invalid.
        """
        if _is_address(host):
            return [host]
        started, free = monotonic(), self._free
        if not free.acquire(timeout=timeout):
            raise TimeoutError(f"{MAX_LOOKUPS} earlier name lookups have not ended")
        results = SimpleQueue[list[str] | Exception]()
        _start(lambda: _report(host, port, free, results))
        try:
            left = None if timeout is None else max(timeout - (monotonic() - started), 0)
            result = results.get(timeout=left)
        except Empty:
            raise TimeoutError(f"the name lookup of {host} timed out") from None
        if isinstance(result, Exception):
            raise result
        return result


RESOLVER: Final = Resolver()

if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=RESOLVER.renew)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _start(action: Callable[[], None]) -> None:
    try:
        Thread(target=action, name="trackingmore-v2-lookup", daemon=True).start()
    except RuntimeError:
        # There are too many threads, or the interpreter is about to end.
        action()


def _report(
    host: str, port: int, free: Semaphore, results: SimpleQueue[list[str] | Exception]
) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        results.put([_text(sockaddr) for *_, sockaddr in found])
    except Exception as error:  # noqa: BLE001 - raised in the thread that waits
        results.put(error)
    finally:
        free.release()


def _text(sockaddr: Any) -> str:  # noqa: ANN401 - a tuple whose length depends on its family
    address, _port, *ipv6 = sockaddr
    scope = ipv6[1] if ipv6 else 0
    return f"{address}%{scope}" if scope else str(address)
