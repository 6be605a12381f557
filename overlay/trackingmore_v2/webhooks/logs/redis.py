"""
Event log for processes on any number of hosts, in Redis.

    log = RedisEventLog("redis://cache.example.com:6379/0")

It needs the extra `redis`, and Redis 5 or newer.
"""

from math import ceil
from typing import Any, Final, TypeVar

from trackingmore_v2._config import checked_text
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._storage.redis import connector, redis
from trackingmore_v2.webhooks._log import DEFAULT_LEASE, DEFAULT_RETENTION
from trackingmore_v2.webhooks.logs._store import DEFAULT_TIMEOUT, Apply, StoreEventLog

ResultT = TypeVar("ResultT")

_GET: Final = "return {redis.call('GET', KEYS[1]), redis.call('TIME')}"

# What is stored is compared with what was read, so a step and its result are one transaction.
_REPLACE: Final = """
    local tracking, unfinished = KEYS[1], KEYS[2]
    local read, written, expires, key = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
    if (redis.call('GET', tracking) or '') ~= read then
        return 0
    end
    if expires == '' then
        redis.call('SET', tracking, written)
        redis.call('SADD', unfinished, key)
    else
        redis.call('SET', tracking, written, 'EX', expires)
        redis.call('SREM', unfinished, key)
    end
    return 1
"""


@scrub_methods
class RedisEventLog(StoreEventLog):
    """
    An event log that processes on any number of hosts share, in Redis.

    The server contains events with personal data until they are done. After a crash it may have
    lost the latest steps, unless its settings say `appendonly yes` and `appendfsync always`; and it
    must not evict keys (`maxmemory-policy noeviction`). All times are those of the server's clock.

    Args:
        url: URL of the server: redis://, rediss:// or unix://.
        prefix: Beginning of the names of keys. Default: `trackingmore`.
        lease: Seconds after which a claim expires, unless the event is done before. Default: 60.
        retention: Seconds for which it is known what is done; retries of the sender can go on for
            days. Default: 30 days.
        timeout: Maximum time in seconds for a round trip. Default: 5.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    _store_errors = (redis.RedisError, OSError)

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "trackingmore",
        lease: float = DEFAULT_LEASE,
        retention: float = DEFAULT_RETENTION,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> None:
        super().__init__(checked_text("prefix", prefix), lease, retention, timeout)
        self._client: Final = connector(url, timeout, is_text=False)

    def _connect(self) -> "_Session":
        return _Session(self._client(), self._name, ceil(self._retention))


class _Session:
    def __init__(self, client: redis.Redis, prefix: str, retention: int) -> None:
        self._client: Final = client
        self._retention: Final = retention
        # The braces keep all keys on one node of a cluster.
        self._prefix: Final = f"{prefix}:{{webhooks}}"
        self._trackings: Final = f"{self._prefix}:unfinished"
        self._get: Final = client.register_script(_GET)
        self._replace: Final = client.register_script(_REPLACE)

    def update(self, tracking: str, apply: Apply[ResultT]) -> ResultT:
        name = f"{self._prefix}:{tracking}"
        while True:
            stored, now = self._read(name)
            written, result = apply(stored, now)
            if written.state is None:
                return result
            expires = self._retention if written.is_finished else ""
            values = (stored or b"", written.state, expires, tracking)
            if self._replace((name, self._trackings), values):
                return result

    def _read(self, name: str) -> tuple[bytes | None, float]:
        stored, (seconds, microseconds) = self._get([name])
        return stored, int(seconds) + int(microseconds) / 1e6

    def unfinished(self, retention: float) -> list[str]:  # noqa: ARG002 - keys expire
        members: Any = self._client.smembers(self._trackings)
        return [member.decode() for member in members]

    def close(self) -> None:
        self._client.close()
