from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from tests.sandbox.databases import new_schema
from trackingmore_v2 import Limiter
from trackingmore_v2.limiters import RateLimiter
from trackingmore_v2.limiters.postgres import PostgresLimiter
from trackingmore_v2.limiters.redis import RedisLimiter
from trackingmore_v2.limiters.sqlite import SqliteLimiter


@pytest.fixture(params=["memory", "sqlite", "redis", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of limiter."""
    kind: str = request.param
    return kind


@pytest.fixture
def build(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., RateLimiter]]:
    """Yield a function that opens another limiter on the same new store."""
    with ExitStack() as stack:
        kinds: dict[str, Callable[..., Any]] = {
            "memory": lambda: Limiter,
            "sqlite": lambda: (SqliteLimiter, tmp_path / "limiter.sqlite3", {}),
            "redis": lambda: (
                RedisLimiter,
                request.getfixturevalue("redis_of_session").url,
                {"prefix": token_hex(8)},
            ),
            "postgres": lambda: (
                PostgresLimiter,
                (url := request.getfixturevalue("postgres_url")),
                {"schema": stack.enter_context(new_schema(url))},
            ),
        }
        chosen = kinds[kind]()
        if kind == "memory":
            yield chosen
            return
        cls, where, settings = chosen

        def build(per_second: float | None = None, **given: Any) -> RateLimiter:
            # A machine under load may take a second for anything.
            limiter = cls(where, per_second=per_second, **{"timeout": 30.0, **settings, **given})
            stack.callback(limiter.close)
            return limiter  # type: ignore[no-any-return]  # one of three classes

        yield build
