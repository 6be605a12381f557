"""Every recipe for webhooks runs as it stands, in its framework, and the sandbox sends to it."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from queue import SimpleQueue
from types import ModuleType
from typing import Final

import django
import httpx2
import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

from tests.docs.api_gateway import LambdaEvent, gateway, http_api_event, rest_api_event
from tests.docs.pages import examples, page
from tests.overlay.limiters.redis_server import redis_server
from tests.overlay.webhooks.servers import serve_asgi, serve_wsgi
from trackingmore_v2 import AsyncTrackingMore, TrackingMore, models
from trackingmore_v2.webhooks import example, parse
from trackingmore_v2.webhooks.logs._store import StoreEventLog
from trackingmore_v2_sandbox import API_KEY, Sandbox

PAGE = page("webhooks.md")
RECIPES = examples(PAGE)
TOKEN = "f4b2b4e6c1d94f3b"  # noqa: S105 - of these tests
PAIR = ("ups", "SANDBOX-TRANSIT-1H-DELIVERED")

Saved = SimpleQueue[models.Tracking]


class Recipes:
    """The recipes, as modules whose trackings are saved in a queue."""

    def __init__(self, saved: Saved) -> None:
        self._saved: Final = saved
        self._modules: Final[list[ModuleType]] = []

    def run(self, name: str) -> ModuleType:
        """Run a recipe."""
        module = ModuleType("recipe")
        exec(compile(RECIPES[name], name, "exec"), vars(module))  # noqa: S102 - our own words
        module.save = self._saved.put  # type: ignore[attr-defined]  # the recipe's own function
        self._modules.append(module)
        return module

    def close(self) -> None:
        """Close what the recipes keep open as long as a server runs."""
        for module in self._modules:
            if isinstance(vars(module).get("log"), StoreEventLog):
                module.log.close()
            if isinstance(module.client, AsyncTrackingMore):
                asyncio.run(module.client.close())
            else:
                module.client.close()


@pytest.fixture
def saved() -> Saved:
    """Return the trackings that a recipe saves."""
    return SimpleQueue()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Yield the sandbox of the recipes, whose clock stands still."""
    with Sandbox() as sandbox:
        sandbox.clock.freeze()
        yield sandbox


@pytest.fixture
def recipes(
    sandbox: Sandbox, saved: Saved, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Recipes]:
    """Yield the recipes, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKINGMORE_API_KEY", API_KEY)
    monkeypatch.setenv("TRACKINGMORE_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("WEBHOOK_TOKEN", TOKEN)
    with closing(Recipes(saved)) as recipes:
        yield recipes


@pytest.fixture
def django_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure Django, once in a process."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shop.settings")
    if not django_settings.configured:
        csrf = "django.middleware.csrf.CsrfViewMiddleware"
        django_settings.configure(
            ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[csrf], ROOT_URLCONF=__name__
        )
        django.setup()


urlpatterns: list[object] = []
"""The pages of a Django project without any."""


def test_fastapi(recipes: Recipes, sandbox: Sandbox, saved: Saved) -> None:
    """The app is mounted in FastAPI, whose client is closed at the end."""
    check(serve_asgi(recipes.run("FastAPI").app), sandbox, saved)


def test_a_view_of_fastapi(recipes: Recipes, sandbox: Sandbox, saved: Saved) -> None:
    """The view gets the bytes, whatever their content type."""
    check(serve_asgi(recipes.run("A view of FastAPI").app), sandbox, saved)


@pytest.mark.parametrize("name", ["FastAPI", "Without a framework"])
def test_pending_events_are_handled(
    recipes: Recipes, sandbox: Sandbox, saved: Saved, name: str
) -> None:
    """An event that a killed process left is handled when the server starts."""
    body = example("delivered")
    module = recipes.run(name)
    module.log.release(module.log.claim(parse(body)))
    tracking = parse(body).tracking
    pair = {"carrier_code": tracking.carrier_code, "tracking_number": tracking.tracking_number}
    sandbox.seed([pair])
    with serve_asgi(module.app):
        assert saved.get(timeout=60).tracking_number == tracking.tracking_number


@pytest.mark.usefixtures("django_project")
def test_django(recipes: Recipes, sandbox: Sandbox, saved: Saved) -> None:
    """The app is mounted next to Django, which still responds to other paths."""
    application = recipes.run("Django").application
    check(serve_asgi(application), sandbox, saved)
    with serve_asgi(application) as port:
        assert "Not Found" in httpx2.get(f"{url_of(port)}/other").text


@pytest.mark.usefixtures("django_project")
def test_a_view_of_django(recipes: Recipes, sandbox: Sandbox, saved: Saved) -> None:
    """The view is exempt from the check for forged forms."""
    with override_settings(ROOT_URLCONF=recipes.run("A view of Django")):
        check(serve_wsgi(get_wsgi_application()), sandbox, saved)


def test_flask(recipes: Recipes, sandbox: Sandbox, saved: Saved) -> None:
    """The app is mounted in Flask."""
    check(serve_wsgi(recipes.run("Flask").app), sandbox, saved)


def test_a_view_of_flask(recipes: Recipes, sandbox: Sandbox, saved: Saved) -> None:
    """The view gets the bytes."""
    check(serve_wsgi(recipes.run("A view of Flask").app), sandbox, saved)


def test_the_page_names_the_logger_of_flask(
    recipes: Recipes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Flask itself logs the URL, and so the token, of a view that fails."""
    module = recipes.run("A view of Flask")
    monkeypatch.setattr(module, "handle", None)
    caplog.set_level("DEBUG")
    with serve_wsgi(module.app) as port:
        assert httpx2.post(f"{url_of(port)}/webhooks/{TOKEN}", content=example()).status_code == 500

    shown = {each.name for each in caplog.records if TOKEN in each.getMessage()} - {"httpx2"}
    assert shown == {module.app.logger.name}
    assert "`app.logger` of Flask" in PAGE


def test_without_a_framework(recipes: Recipes, sandbox: Sandbox, saved: Saved) -> None:
    """The app has a server of its own, and the token is its only path."""
    check(serve_asgi(recipes.run("Without a framework").app), sandbox, saved, folder="")


@pytest.mark.parametrize("event_of", [rest_api_event, http_api_event])
def test_aws_lambda(
    recipes: Recipes,
    sandbox: Sandbox,
    saved: Saved,
    monkeypatch: pytest.MonkeyPatch,
    event_of: LambdaEvent,
) -> None:
    """Events of a REST API with text, and of an HTTP API with base64, and what is no webhook."""
    with redis_server() as redis:
        monkeypatch.setenv("REDIS_URL", redis.url)
        app = gateway(recipes.run("AWS Lambda").lambda_handler, event_of)
        with serve_wsgi(app) as port:
            deliver_twice(sandbox, url_of(port))
            assert httpx2.post(url_of(port), json=[]).status_code == 400
    assert_saved(sandbox, saved)


def test_celery(
    recipes: Recipes,
    sandbox: Sandbox,
    saved: Saved,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The app responds before the task runs, in a worker."""
    monkeypatch.setenv("BROKER_URL", "memory://")
    module = recipes.run("Celery")
    with serve_wsgi(module.app) as port:
        deliver_twice(sandbox, f"{url_of(port)}/{TOKEN}")
    assert saved.empty()
    # A worker of Celery sets the level of the root logger, which is restored here.
    level = logging.getLogger().level
    with caplog.at_level(level), start_worker(module.queue, perform_ping_check=False):
        assert_saved(sandbox, saved)


def check(
    server: AbstractContextManager[int], sandbox: Sandbox, saved: Saved, folder: str = "/webhooks"
) -> None:
    """Check that a server handles a webhook with the token once, and no other."""
    with server as port:
        url = f"{url_of(port)}{folder}"
        deliver_twice(sandbox, f"{url}/{TOKEN}")
        assert httpx2.post(f"{url}/wrong", content=example()).status_code == 404
        assert httpx2.post(f"{url}/{TOKEN}", json=[]).status_code == 400
    assert_saved(sandbox, saved)


def url_of(port: int) -> str:
    """Return the URL of a server on this machine."""
    return f"http://127.0.0.1:{port}"


def deliver_twice(sandbox: Sandbox, url: str) -> None:
    """Deliver a parcel, send its webhook twice, and check that the status is 200."""
    sandbox.webhooks.add(url, statuses=["delivered"])
    sandbox.seed([{"carrier_code": PAIR[0], "tracking_number": PAIR[1], "comment": "fragile"}])
    sandbox.clock.advance(3600)
    (delivery,) = sandbox.webhooks.deliveries()
    delivery = sandbox.webhooks.resend(delivery.id)
    assert [attempt.status for attempt in delivery.attempts] == [200, 200]


def assert_saved(sandbox: Sandbox, saved: Saved) -> None:
    """Check that the tracking was saved once, as the API has it, with its comment."""
    with TrackingMore(API_KEY, base_url=sandbox.base_url) as client:
        tracking = client.trackings.get(*PAIR)
    assert tracking.comment == "fragile"
    assert saved.get(timeout=60) == tracking
    assert saved.empty()
