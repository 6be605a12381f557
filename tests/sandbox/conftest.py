from collections.abc import Iterator

import pytest

from .harness import Api


@pytest.fixture
def api() -> Iterator[Api]:
    """Give a fresh sandbox in this process."""
    api = Api()
    yield api
    api.close()
