"""Rate limiters on real stores, for measurements."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.overlay.limiters.redis_server import redis_server
from tests.sandbox.databases import new_schema, postgres_server
from trackingmore_v2.limiters._store import StoreLimiter
from trackingmore_v2.limiters.postgres import PostgresLimiter
from trackingmore_v2.limiters.redis import RedisLimiter
from trackingmore_v2.limiters.sqlite import SqliteLimiter


class Build(NamedTuple):
    """A limiter that each process opens for itself."""

    kind: Callable[..., StoreLimiter]
    where: str
    settings: dict[str, Any]

    def __call__(self, per_second: float) -> StoreLimiter:
        """Open the limiter."""
        return self.kind(self.where, per_second=per_second, timeout=5.0, **self.settings)


@contextmanager
def stores() -> Iterator[dict[str, Build]]:
    """Start a server of each kind, and yield how to open a limiter on it, by name."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        postgres_url = stack.enter_context(postgres_server())
        schema = stack.enter_context(new_schema(postgres_url))
        yield {
            "Redis": Build(RedisLimiter, stack.enter_context(redis_server()).url, {}),
            "PostgreSQL": Build(PostgresLimiter, postgres_url, {"schema": schema}),
            "SQLite": Build(SqliteLimiter, str(folder / "limiter.sqlite3"), {}),
        }
