"""
Rate limiter for processes on any number of hosts, in Redis.

    client = TrackingMore(limiter=RedisLimiter("redis://cache.example.com:6379/0"))

It needs the extra `redis`, and Redis 5 or newer.
"""

from typing import Any, Final

from trackingmore_v2._config import checked_text
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._storage.redis import connector, redis
from trackingmore_v2.limiters._store import Grant, Reservation, StoreLimiter

_NOW: Final = """
    local time = redis.call('TIME')
    local now = time[1] + time[2] / 1000000
    local function text(seconds) return string.format('%.6f', seconds) end
"""

_RESERVE: Final = (
    _NOW
    + """
    local schedule, released, blocked = KEYS[1], KEYS[2], KEYS[3]
    local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
    local latest, held, held_epoch = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]

    -- After a restart or a failover the latest slots may be missing, so all of them are void, and
    -- the next one is as far from now as from a request that was sent just before.
    local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
    local state = redis.call('HMGET', schedule, 'server', 'epoch', 'seen', 'free_at')
    local epoch, free_at = state[2], tonumber(state[4])
    if state[1] ~= server or now < tonumber(state[3]) then
        epoch, free_at = server .. text(now), now + interval
        redis.call('DEL', released)
    end

    local blocked_until = tonumber(redis.call('GET', blocked) or 0)
    local at
    if held and held_epoch == epoch and held >= math.max(blocked_until, now - tolerance) then
        at = now
    else
        local earliest = math.max(now, blocked_until)
        redis.call('ZREMRANGEBYSCORE', released, '-inf', '(' .. text(earliest))
        local first = redis.call('ZRANGE', released, 0, 0)[1]
        at = tonumber(first) or math.max(earliest, free_at)
        if latest and at - now > latest then
            at = nil
        elseif first then
            redis.call('ZREM', released, first)
        else
            free_at = at + interval
        end
    end

    redis.call('HSET', schedule,
        'server', server, 'epoch', epoch, 'seen', text(now), 'free_at', text(free_at))
    redis.call('EXPIRE', schedule, math.ceil(math.max(0, free_at - now)) + 86400)
    return at and {epoch, text(at), text(at - now)}
"""
)

_RELEASE: Final = """
    if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
        redis.call('ZADD', KEYS[2], ARGV[2], ARGV[2])
        redis.call('EXPIRE', KEYS[2], 86400)
    end
"""

_BLOCK: Final = (
    _NOW
    + """
    local ends = now + ARGV[1]
    if ends > tonumber(redis.call('GET', KEYS[1]) or 0) then
        redis.call('SET', KEYS[1], text(ends), 'PX', math.ceil(ARGV[1] * 1000) + 1)
    end
    redis.call('PUBLISH', ARGV[2], '')
"""
)


@scrub_methods
class RedisLimiter(StoreLimiter):
    """
    A rate limiter that processes on any number of hosts share, in Redis.

    Slots are reserved in the order of the calls, by the clock of the server, in one round trip for
    each slot. The server stores times, names of operations, and digests of API keys.

    Args:
        url: URL of the server: redis://, rediss:// or unix://.
        per_second: Maximum number of requests per second for each operation. Default: the limit in
            the contract, one request per second for most operations.
        fallback_share: Share of the rate, from 0 to 1, at which each process continues while the
            server is unavailable. Default: calls raise `LimiterUnavailable`.
        timeout: Maximum time in seconds for a round trip. Default: 1.
        prefix: Beginning of the names of keys and of the channel. Default: `trackingmore`.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    _store_errors = (redis.ConnectionError, redis.RedisError, OSError)

    def __init__(
        self,
        url: str,
        *,
        per_second: float | None = None,
        fallback_share: float | None = None,
        timeout: float = 1.0,
        prefix: str = "trackingmore",
    ) -> None:
        super().__init__(per_second, fallback_share, timeout)
        self._prefix: Final = checked_text("prefix", prefix)
        self._client: Final = connector(url, timeout, is_text=True)

    def _connect(self) -> "_Session":
        return _Session(self._client(), self._prefix)


class _Session:
    def __init__(self, client: redis.Redis, prefix: str) -> None:
        self._client: Final = client
        self._prefix: Final = prefix
        self._reserve: Final = client.register_script(_RESERVE)
        self._release: Final = client.register_script(_RELEASE)
        self._block: Final = client.register_script(_BLOCK)
        self._channel: Final = f"{prefix}:blocks"
        # The confirmation counts as news too, so a block before it is not missed.
        # redis-py gives the options of a subscription no types.
        self._news: Final = client.pubsub()  # type: ignore[no-untyped-call]  # pyright: ignore[reportUnknownMemberType]
        self._news.subscribe(self._channel)

    def reserve(self, wanted: Reservation) -> Grant | None:
        account, operation, *numbers, latest, held = wanted
        slot = (held.at, held.epoch) if held else ("", "")
        values = (*numbers, "" if latest is None else latest, *slot)
        keys = (*self._keys(account, operation), self._blocked(account))
        granted: Any = self._reserve(keys, values)
        return Grant(granted[0], float(granted[1]), float(granted[2])) if granted else None

    def release(self, account: str, operation: str, grant: Grant) -> None:
        self._release(self._keys(account, operation), (grant.epoch, f"{grant.at:.6f}"))

    def block(self, account: str, seconds: float) -> None:
        self._block([self._blocked(account)], (seconds, self._channel))

    def has_news(self) -> bool:
        found = False
        while self._news.get_message(timeout=0.0):
            found = True
        return found

    def close(self) -> None:
        self._news.close()
        self._client.close()

    def _keys(self, account: str, operation: str) -> tuple[str, str]:
        # The braces keep the keys of an account on one node of a cluster.
        name = f"{self._prefix}:{{{account}}}:{operation}"
        return name, f"{name}:released"

    def _blocked(self, account: str) -> str:
        return f"{self._prefix}:{{{account}}}:blocked"
