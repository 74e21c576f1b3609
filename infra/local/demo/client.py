"""Calls the product's public HTTP interface, as any program would."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from typing import Any


class Refused(RuntimeError):
    """The interface refused; `status` and `code` are those of the problem document."""

    def __init__(self, method: str, path: str, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code = problem.get("code")
        super().__init__(f"{method} {path}: {status} {problem.get('detail')} {problem.get('errors') or ''}".strip())


class Client:
    """One credential's view of the interface."""

    def __init__(self, url: str, token: str = "") -> None:
        self._url = url
        self._token = token

    def get(self, path: str) -> Any:
        """The JSON at a path. Raises Refused."""
        return self._call("GET", path, None, {})

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """Sends JSON; `key` becomes the Idempotency-Key. Raises Refused."""
        return self._call("POST", path, body, {"Idempotency-Key": key} if key else {})

    def upload(self, picture: bytes, content_type: str, path: str = "/v1/uploads") -> dict[str, Any]:
        """Sends a picture as a browser would, by a form that is asked for at a path; the form, with the picture's
        ``id`` and, where it is the brand's, its ``address``. Raises Refused.
        """
        form: dict[str, Any] = self.post(path, {"content_type": content_type, "size": len(picture)})
        edge = secrets.token_hex(16)
        fields = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in form["fields"].items()
        ]
        file = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="picture"\r\n\r\n'.encode()
        body = b"".join([*fields, file, picture, f"\r\n--{edge}--\r\n".encode()])
        request = urllib.request.Request(  # noqa: S310 - where our own server says
            form["url"], body, {"Content-Type": f"multipart/form-data; boundary={edge}"}, method="POST"
        )
        urllib.request.urlopen(request, timeout=60).close()  # noqa: S310
        return form

    def press(self, page: str, name: str) -> None:
        """Presses a button of the test provider's page, at its address. Raises HTTPError."""
        request = urllib.request.Request(page, f"press={name}".encode(), method="POST")  # noqa: S310 - our own server
        urllib.request.urlopen(request, timeout=60).close()  # noqa: S310

    def put(self, path: str, body: Any) -> Any:
        """Puts JSON there. Raises Refused."""
        return self._call("PUT", path, body, {})

    def patch(self, path: str, body: Any) -> Any:
        """Changes what is there. Raises Refused."""
        return self._call("PATCH", path, body, {})

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        content = json.dumps({} if body is None else body).encode() if method != "GET" else None
        given = {"Accept": "application/json", "Content-Type": "application/json", **headers}
        if self._token:
            given["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(self._url + path, content, given, method=method)  # noqa: S310 - our own server
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            text = refused.read()
            problem = json.loads(text) if text.startswith(b"{") else {"detail": text.decode(errors="replace")}
            raise Refused(method, path, refused.code, problem) from refused
