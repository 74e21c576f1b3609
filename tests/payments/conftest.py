"""What tests of payments share: keys made once, and providers that answer on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from chalicelib.payments.providers import transport
from tests.builders import Shop, made
from tests.payments.checkout import Checkout
from tests.payments.fake_stripe import STRIPE, FakeStripe

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Keys:
    """An RSA key pair, in PEM."""

    private: RSAPrivateKey

    @property
    def private_pem(self) -> str:
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @property
    def public_pem(self) -> str:
        public = self.private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture(scope="session")
def merchant_keys() -> Keys:
    return Keys(generate_private_key(65537, 2048))


@pytest.fixture(scope="session")
def platform_keys() -> Keys:
    return Keys(generate_private_key(65537, 2048))


@dataclass(frozen=True)
class Asked:
    """A request as a provider received it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Counterpart:
    """A provider on this machine: answers with what the test has laid out, in turn, and keeps what it was asked."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: list[Callable[[Asked], tuple[int, dict[str, str], bytes]]] = field(default_factory=list)

    def will_answer(self, status: int, document: Any = None) -> None:
        body = b"" if document is None else json.dumps(document).encode()
        self.answers.append(lambda asked: (status, {}, body))

    def will_do(self, answer: Callable[[Asked], tuple[int, dict[str, str], bytes]]) -> None:
        self.answers.append(answer)


@pytest.fixture
def counterpart() -> Iterator[Counterpart]:
    played = Counterpart()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            played.asked.append(asked)
            status, more, answer = played.answers.pop(0)(asked)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(answer))} | more).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = _serve  # noqa: N815 - the names that the base class calls

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


@pytest.fixture
def stripe_side(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> FakeStripe:
    """Stripe, with which the shop has an account."""
    made(shop.brand.put("/v1/payment-settings/stripe", STRIPE), 200)
    played = FakeStripe()
    monkeypatch.setattr(transport, "_pool", lambda: played)
    return played


@pytest.fixture
def checkout(shop: Shop) -> Checkout:
    """A shop with a held order."""
    return Checkout(shop)
