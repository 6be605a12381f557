"""The account behind the key."""

from trackingmore_v2._calls.flow import PreparedCall, prepare
from trackingmore_v2._resources._base import AsyncResource, Resource
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.account import get_account


def _get() -> PreparedCall[models.Account]:
    return prepare(get_account.call(), lambda envelope: envelope.data)


class AccountResource(Resource):
    """The account behind the key: `client.account`."""

    def get(self) -> models.Account:
        """
        Tell who the key belongs to, and how many trackings are left.

        Returns:
            `track_number` is the number of trackings left, `regtime` is in Unix seconds as text.

        Raises:
            ApiError: The API refused.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        Source: operation getAccount.
        """
        return self._run(_get())


class AsyncAccountResource(AsyncResource):
    """The account behind the key: `client.account`."""

    async def get(self) -> models.Account:
        """Await `AccountResource.get()`. Source: operation getAccount."""
        return await self._run(_get())
