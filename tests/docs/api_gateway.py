"""AWS Lambda behind API Gateway, for the receiver of webhooks in the documentation."""

import base64
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
LambdaHandler = Callable[[dict[str, Any], object], dict[str, Any]]
LambdaEvent = Callable[[Environ, bytes], dict[str, Any]]


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
