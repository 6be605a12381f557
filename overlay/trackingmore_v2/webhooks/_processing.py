"""Handle an event once: claim it, handle it, and record that it is done, or release it."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from inspect import isawaitable, iscoroutine
from typing import Final, TypeAlias

from trackingmore_v2._config import checked_function
from trackingmore_v2._errors import ConfigurationError, EventLogUnavailable
from trackingmore_v2._storage.threads import in_thread
from trackingmore_v2._validation import require_instance
from trackingmore_v2.webhooks._event import WebhookEvent
from trackingmore_v2.webhooks._log import Claim, EventLog, Outcome

Handler: TypeAlias = Callable[[WebhookEvent], object]
AsyncHandler: TypeAlias = Callable[[WebhookEvent], Awaitable[object]]

logger: Final = logging.getLogger("trackingmore_v2.webhooks")
"""Records have the key of an event, which is a digest, and nothing else of it."""


def process(event: WebhookEvent, handler: Handler, log: EventLog) -> Outcome:
    """
    Handle an event, unless it was handled before, or a newer one of its tracking was.

    For a view of a web framework, or a task of a queue; the apps in `asgi` and `wsgi` do the same.

    Args:
        event: The event.
        handler: Called with the event. What it raises is raised, and the event is released.
        log: The log.

    Returns:
        What the log said about the event. It was handled only if that is `CLAIMED`. Respond to
        `IN_HAND` with status 500, so that the sender retries it, and to the others with 200.

    Raises:
        ConfigurationError: The handler is no function, or a coroutine function, which
            `process_async()` awaits.
        InvalidInput: `event` or `log` is of another type.
        EventLogUnavailable: The store of the log cannot be reached; respond with status 500.
    """
    checked_function("handler", handler)
    claim = claim_or_note(event, log)
    if claim.outcome is Outcome.CLAIMED:
        handle(claim, handler, log)
    return claim.outcome


async def process_async(event: WebhookEvent, handler: AsyncHandler, log: EventLog) -> Outcome:
    """
    Handle an event as `process()` does. The log is called in worker threads.

    Args:
        event: The event.
        handler: Awaited with the event. What it raises is raised, and the event is released; so it
            is if the task is cancelled.
        log: The log.

    Returns:
        What the log said about the event. It was handled only if that is `CLAIMED`. Respond to
        `IN_HAND` with status 500, so that the sender retries it, and to the others with 200.

    Raises:
        ConfigurationError: The handler is no function, or a plain one, which `process()` calls.
        InvalidInput: `event` or `log` is of another type.
        EventLogUnavailable: The store of the log cannot be reached; respond with status 500.
    """
    from anyio import create_task_group  # noqa: PLC0415 - slow to import

    checked_function("handler", handler)
    outcomes: list[Outcome] = []
    errors: list[BaseException] = []

    async def run() -> None:
        try:
            claim = await in_thread(lambda: claim_or_note(event, log))
            if claim.outcome is Outcome.CLAIMED:
                await handle_async(claim, handler, log)
            outcomes.append(claim.outcome)
        except Exception as error:  # noqa: BLE001 - raised below, outside the group
            errors.append(error)
        except BaseException as error:
            errors.append(error)
            raise

    # Without a task of its own, asyncio would not wait for the log when it cancels the caller's.
    async with create_task_group() as group:
        group.start_soon(run)
    if errors:
        raise errors[0]
    return outcomes[0]


def claim_or_note(event: WebhookEvent, log: EventLog) -> Claim:
    """Claim an event, and note it in our own log if it is not to be handled."""
    require_instance("log", log, EventLog)
    claim = log.claim(event)
    if claim.outcome is not Outcome.CLAIMED:
        logger.info("event %s not handled: %s", claim.key, claim.outcome.value)
    return claim


def handle(claim: Claim, handler: Handler, log: EventLog) -> None:
    """Handle a claimed event; after any exception, release it and raise the exception."""
    try:
        _require_no_coroutine(handler(claim.event))
    except BaseException as error:
        _release(claim, log, error)
        raise
    _done(claim, log)


async def handle_async(claim: Claim, handler: AsyncHandler, log: EventLog) -> None:
    """Handle a claimed event as `handle()` does."""
    from anyio.lowlevel import checkpoint_if_cancelled  # noqa: PLC0415 - slow to import

    try:
        await checkpoint_if_cancelled()  # the log does not notice
        await _awaitable(handler(claim.event))
    except BaseException as error:
        failure = error  # which `except` would delete before the thread ends
        await in_thread(lambda: _release(claim, log, failure))
        raise
    await in_thread(lambda: _done(claim, log))


def _require_no_coroutine(result: object) -> None:
    """Raise if a handler has done nothing yet, since what it returned is not awaited."""
    if iscoroutine(result):
        result.close()  # or Python would warn about it
        raise ConfigurationError(
            "handler must be a plain function, and returned a coroutine; use process_async() or "
            "the app in asgi, which await it"
        )


def _awaitable(result: Awaitable[object] | object) -> Awaitable[object]:
    if not isawaitable(result):
        raise ConfigurationError(
            "handler must be a coroutine function; process() calls a plain function"
        )
    return result


def _release(claim: Claim, log: EventLog, error: BaseException) -> None:
    # Only the type: the text of an exception may contain personal data.
    logger.warning("event %s not handled: %s", claim.key, type(error).__name__)
    with suppress(EventLogUnavailable):  # the claim expires
        log.release(claim)


def _done(claim: Claim, log: EventLog) -> None:
    if log.done(claim):
        logger.info("event %s handled", claim.key)
    else:
        logger.warning("event %s handled, after its claim had expired", claim.key)
