"""WeChat on this machine: gives tokens, takes template messages, and refuses what its documents say it refuses."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

APP_ID, SECRET = "wxd678efh567hg6787", "0123456789abcdef0123456789abcdef"
TEMPLATE_ID = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"
FOLLOWER, STRANGER = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M", "o6_bmasdasdsad6_2sgVt7hMZOPf"
PATTERNS = {
    "thing": r".{1,20}",
    "number": r"[0-9.]{1,32}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "time": r"(\d{4}年\d{1,2}月\d{1,2}日 ?)?(\d\d:\d\d)?",
    "amount": r"[¥$€]?\d{1,10}(\.\d+)?元?",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
}


@dataclass
class FakeWeChat:
    """``answers`` are given in turn before anything is looked at: a document, or a status."""

    url: str = ""
    followers: set[str] = field(default_factory=lambda: {FOLLOWER})
    tokens: list[str] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sent: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    answers: list[dict[str, Any] | int | bytes] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [path.rpartition("/")[2] for path, _ in self.asked]

    def end_token(self) -> None:
        """The token no longer counts, as when somebody else has forced another one."""
        self.tokens.append(f"token/{len(self.tokens)}+=")

    def answer(self, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any]:
        if path == "/cgi-bin/stable_token":
            return self._token(body)
        if path == "/cgi-bin/message/template/send":
            return self._send(query.get("access_token", [""])[0], body)
        return {"errcode": 40066, "errmsg": "invalid url"}

    def _token(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("grant_type") != "client_credential":
            return {"errcode": 40002, "errmsg": "invalid grant_type"}
        if body.get("appid") != APP_ID:
            return {"errcode": 40013, "errmsg": "invalid appid"}
        if body.get("secret") != SECRET:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        if not self.tokens or body.get("force_refresh"):
            self.end_token()
        return {"access_token": self.tokens[-1], "expires_in": 7200}

    def _send(self, token: str, body: dict[str, Any]) -> dict[str, Any]:
        if not self.tokens or token != self.tokens[-1]:
            return {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"}
        if body.get("touser") not in self.followers | {STRANGER}:
            return {"errcode": 40003, "errmsg": "invalid openid"}
        if body["touser"] not in self.followers:
            return {"errcode": 43004, "errmsg": "require subscribe"}
        if body.get("template_id") != TEMPLATE_ID:
            return {"errcode": 40037, "errmsg": "invalid template_id"}
        if set(body) - {"touser", "template_id", "url", "client_msg_id", "data"} or not body.get("data"):
            return {"errcode": 47001, "errmsg": "data format error"}
        for place, given in body["data"].items():
            pattern = PATTERNS.get(re.sub(r"\d+$", "", place), r"[^\n]{1,200}")
            if set(given) != {"value"} or not given["value"] or not re.fullmatch(pattern, given["value"]):
                return {"errcode": 47003, "errmsg": f"argument invalid! data.{place}.value is empty or invalid"}
        self.sent.setdefault((body["touser"], body.get("client_msg_id", "")), body)
        return {"errcode": 0, "errmsg": "ok", "msgid": 200228332}


@contextmanager
def fake_wechat() -> Iterator[FakeWeChat]:
    played = FakeWeChat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            played.asked.append((parts.path, body))
            found: Any = played.answers.pop(0) if played.answers else None
            if found is None:
                found = played.answer(parts.path, parse_qs(parts.query), body)
            status = found if isinstance(found, int) else 200
            content = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    played.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield played
    server.shutdown()
    server.server_close()
    thread.join()
