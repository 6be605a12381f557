from collections.abc import Iterator

import pytest

from tests.sandbox.webhooks.harness import DeliveryHarness
from trackingmore_v2_sandbox.store.sql import Store


@pytest.fixture
def harness(store: Store) -> Iterator[DeliveryHarness]:
    """Yield a new sandbox."""
    harness = DeliveryHarness(store)
    yield harness
    harness.api.http.close()
