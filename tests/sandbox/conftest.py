from collections.abc import Iterator
from pathlib import Path

import pytest

from trackingmore_v2_sandbox.store.sql import Store

from . import postgres
from .harness import Api
from .stores import Database, Kind, database


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server."""
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["memory", "file", "postgres"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Yield an empty database of each kind."""
    with database(request.param, request, tmp_path) as made:
        yield made


@pytest.fixture
def store(anywhere: Database) -> Iterator[Store]:
    """Open a store in an empty database of each kind."""
    with anywhere.open() as store:
        yield store


@pytest.fixture
def api(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Api]:
    """Yield a fresh sandbox in this process; a module's mark can say where it keeps its state."""
    kind: Kind = getattr(request, "param", "memory")
    with database(kind, request, tmp_path) as made, made.open() as store:
        api = Api(store=store)
        yield api
        api.close()
