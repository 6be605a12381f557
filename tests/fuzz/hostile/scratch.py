"""A store that is made once and used by one input after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from trackingmore_v2_sandbox import SqliteStore, Store


@contextmanager
def empty_store(*accounts: str) -> Iterator[Store]:
    """
    Yield an empty store, and empty it afterwards.

    Args:
        accounts: Accounts that may have something, though they are not among the store's own.
    """
    store = _store()
    try:
        yield store
    finally:
        for account in {*accounts, *(owner.account for owner in store.accounts())}:
            with store.transaction(write=True, account=account):
                store.erase(account)


@cache
def _store() -> Store:
    return SqliteStore()
