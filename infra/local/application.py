"""The product's own app object, made safe for threads, and the Lambda context its handlers expect."""

from __future__ import annotations

import importlib
import threading
import time
import uuid
from typing import Any

from chalice.app import Request

from chalicelib.routing import RoutedApp

# API Gateway gives up on a request after 29 s; our queue workers have at most 5 minutes.
API_SECONDS, WORKER_SECONDS = 29, 300


class LambdaContext:
    """What AWS Lambda passes as `context`: names, the request id and the time that is left."""

    def __init__(self, function_name: str, seconds: int, request_id: str | None = None) -> None:
        self.function_name = function_name
        self.function_version = "$LATEST"
        self.invoked_function_arn = f"arn:aws:lambda:us-east-1:000000000000:function:lintuan-{function_name}"
        self.memory_limit_in_mb = "512"
        self.aws_request_id = request_id or str(uuid.uuid4())
        self.log_group_name = f"/aws/lambda/lintuan-{function_name}"
        self.log_stream_name = "local"
        self.identity = None
        self.client_context = None
        self._until = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function would be stopped; not below zero."""
        return max(0, int((self._until - time.monotonic()) * 1000))


class _PerThread:
    """A Chalice app keeps the request it serves on itself: here each thread has its own."""

    _here = threading.local()

    @property
    def current_request(self) -> Request | None:
        return getattr(self._here, "request", None)

    @current_request.setter
    def current_request(self, value: Request | None) -> None:
        self._here.request = value

    @property
    def lambda_context(self) -> Any:
        return getattr(self._here, "context", None)

    @lambda_context.setter
    def lambda_context(self, value: Any) -> None:
        self._here.context = value


def load() -> RoutedApp:
    """The app of app.py, safe for threads. The environment must be set before: see environment.py."""
    return _threaded(importlib.import_module("app").app)


def load_pages() -> RoutedApp:
    """The pages of app.py, safe for threads."""
    return _threaded(importlib.import_module("app").screens)


def _threaded(app: RoutedApp) -> RoutedApp:
    if not isinstance(app, _PerThread):
        app.__class__ = type("ThreadedChalice", (_PerThread, app.__class__), {"_here": threading.local()})
    return app
