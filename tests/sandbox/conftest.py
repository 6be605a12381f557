from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.sandbox.databases import Database, Kind, new_database, postgres_server
from tests.sandbox.harness import Api
from trackingmore_v2_sandbox.store.sql import Store


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["memory", "file", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Yield an empty database of each kind."""
    with new_database(request.param, request, tmp_path) as database:
        yield database


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    """Yield a store in an empty database of each kind."""
    with database.open() as store:
        yield store


@pytest.fixture
def api(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Api]:
    """Yield a new sandbox, in memory or on the database of the mark `ON_EACH_DATABASE`."""
    kind: Kind = getattr(request, "param", "memory")
    with new_database(kind, request, tmp_path) as empty, closing(Api(store=empty.connect())) as api:
        yield api
