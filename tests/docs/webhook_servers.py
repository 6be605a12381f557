"""Servers on free ports of this machine, for the receivers of webhooks in the documentation."""

import base64
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, Final

import uvicorn
from werkzeug.serving import make_server

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
LambdaHandler = Callable[[dict[str, Any], object], dict[str, Any]]
LambdaEvent = Callable[[Environ, bytes], dict[str, Any]]

_HOST: Final = "127.0.0.1"


@contextmanager
def serve_asgi(app: Any) -> Iterator[str]:
    """Run uvicorn in a thread, and yield its URL, without a slash at the end."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server((_HOST, 0)) as listener:
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://{_HOST}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def serve_wsgi(app: Any) -> Iterator[str]:
    """Run the server of Werkzeug and Flask in a thread, and yield its URL likewise."""
    server = make_server(_HOST, 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://{_HOST}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def gateway(handler: LambdaHandler, event_of: LambdaEvent) -> Any:
    """Return a WSGI app that invokes a handler of AWS Lambda, as API Gateway does."""

    def app(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        response = handler(event_of(environ, body), None)
        start_response(f"{response['statusCode']} Status", [])
        return [response.get("body", "").encode()]

    return app


def rest_api_event(environ: Environ, body: bytes) -> dict[str, Any]:
    """Return an event of a REST API, format 1.0, whose binary media types do not match."""
    return {
        "version": "1.0",
        "path": environ["PATH_INFO"],
        "httpMethod": environ["REQUEST_METHOD"],
        "headers": {"Content-Type": environ["CONTENT_TYPE"]},
        "body": body.decode(),
        "isBase64Encoded": False,
    }


def http_api_event(environ: Environ, body: bytes) -> dict[str, Any]:
    """Return an event of an HTTP API or a function URL, format 2.0, with a base64 body."""
    return {
        "version": "2.0",
        "rawPath": environ["PATH_INFO"],
        "requestContext": {"http": {"method": environ["REQUEST_METHOD"]}},
        "headers": {"content-type": environ["CONTENT_TYPE"]},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
