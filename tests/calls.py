"""How tests call the product's HTTP interface: in this process, or over real HTTP."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlsplit

from infra.local.gateway import Gateway, Request


@dataclass(frozen=True)
class Reply:
    """A response as a client sees it; header names without regard to case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @cached_property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.text)


class Caller(Protocol):
    """Whatever carries requests to the product: the `api` fixture, or a server over HTTP."""

    def call(self, method: str, path: str, **options: Any) -> Reply:
        """Options: `json`, `body`, `token`, `headers`."""


class Verbs:
    """The five methods over one `call`."""

    def call(self, method: str, path: str, **options: Any) -> Reply:
        """Options: `json`, `body` (sent as it is), `token` (becomes the bearer credential), `headers`."""
        raise NotImplementedError

    def get(self, path: str, **options: Any) -> Reply:
        """GET; the options are those of `call`."""
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Reply:
        """POST; the options are those of `call`."""
        return self.call("POST", path, json=json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> Reply:
        """PATCH; the options are those of `call`."""
        return self.call("PATCH", path, json=json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> Reply:
        """PUT; the options are those of `call`."""
        return self.call("PUT", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> Reply:
        """DELETE; the options are those of `call`."""
        return self.call("DELETE", path, **options)


class Api(Verbs):
    """The product's HTTP interface, called in this process: the real app, fed with API Gateway's events."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def call(self, method: str, path: str, **options: Any) -> Reply:
        """Sends `json`, or `body` as it is; `token` becomes the bearer credential, `source` is the caller's address."""
        source = options.pop("source", "127.0.0.1")
        headers, content = prepared(**options)
        answer = self._gateway.answer(Request(method, path, tuple(headers.items()), content, source=source))
        return Reply(answer.status, Headers(answer.headers), answer.body.decode())


def prepared(
    *,
    json: Any = None,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | str | None = None,
) -> tuple[dict[str, str], bytes]:
    """The headers and the body of a request."""
    given = {"Host": "127.0.0.1:8000", **(headers or {})}
    if json is not None:
        body = _dumped(json)
        given.setdefault("Content-Type", "application/json")
    if token:
        given["Authorization"] = f"Bearer {token}"
    return given, body.encode() if isinstance(body, str) else body or b""


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class Headers(dict[str, str]):
    """Header names without regard to case."""

    def __init__(self, pairs: Any) -> None:
        super().__init__({name.lower(): value for name, value in pairs})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)


class HttpApi(Verbs):
    """The same calls over real HTTP, with a kept connection for each thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._here = threading.local()

    def call(self, method: str, path: str, **options: Any) -> Reply:
        """Sends `json`, or `body` as it is; `token` becomes the bearer credential."""
        headers, content = prepared(**options)
        headers.pop("Host")
        connection = getattr(self._here, "connection", None)
        if connection is None:
            connection = self._here.connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            try:
                connection.request(method, path, content, headers)
                answer = connection.getresponse()
            except http.client.RemoteDisconnected:
                # The server ends a connection that nobody has used for a while; what only reads is asked again.
                if method != "GET":
                    raise
                connection.close()
                connection.request(method, path, content, headers)
                answer = connection.getresponse()
            return Reply(answer.status, Headers(answer.getheaders()), answer.read().decode())
        except BaseException:
            connection.close()
            raise
