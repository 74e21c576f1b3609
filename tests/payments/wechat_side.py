"""The account of a shop at WeChat Pay, and WeChat Pay's own side, which signs and encrypts."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from wechatpayv3 import utils as official

from chalicelib.payments.model import Terms
from chalicelib.payments.providers.wechat import WeChat
from tests.payments.conftest import NOW, Asked, Keys

API_V3_KEY = "an-api-v3-key-of-32-characters-."
SERIAL, PLATFORM_SERIAL = "5157F09EFDC096DE15EBE81A47057A72", "PUB_KEY_ID_0116000000002026"
TERMS = Terms("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "01J9ZQ0W7N8RXC5B2M4T6V8Y0B", 1250, "CNY", "1900000001")
Headers = dict[str, str]


@pytest.fixture
def account(merchant_keys: Keys, platform_keys: Keys) -> WeChat:
    return WeChat(
        merchant="1900000001",
        app_id="wxd678efh567hg6787",
        serial=SERIAL,
        platform_serial=PLATFORM_SERIAL,
        platform_key=platform_keys.public_pem,
        private_key=merchant_keys.private_pem,
        api_v3_key=API_V3_KEY,
    )


@dataclass
class WeChatSide:
    """Signs and encrypts as WeChat Pay does."""

    keys: Keys
    serial: str = PLATFORM_SERIAL

    def sign(self, body: bytes, at: datetime = NOW) -> Headers:
        t, nonce = str(int(at.timestamp())), "593BEC0C930BF1AFEB40B4A08C8FB242"
        text = f"{t}\n{nonce}\n{body.decode()}\n"
        return {
            "wechatpay-timestamp": t,
            "wechatpay-nonce": nonce,
            "wechatpay-signature": official.rsa_sign(self.keys.private, text),
            "wechatpay-serial": self.serial,
        }

    def message(self, key: str = API_V3_KEY, event: str = "TRANSACTION.SUCCESS", **fields: Any) -> bytes:
        content = {"mchid": TERMS.merchant, "out_trade_no": TERMS.payment_id, "trade_state": "SUCCESS"} | fields
        return self.sealed(json.dumps(content).encode(), key, event)

    def sealed(self, content: bytes, key: str = API_V3_KEY, event: str = "TRANSACTION.SUCCESS") -> bytes:
        """A message with any content."""
        sealed = AESGCM(key.encode()).encrypt(b"fdasflkja484", content, b"transaction")
        resource = {
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(sealed).decode(),
            "nonce": "fdasflkja484",
            "associated_data": "transaction",
        }
        return json.dumps({"id": "1", "event_type": event, "resource": resource}).encode()

    def answer(self, status: int, document: Any = None) -> Callable[[Asked], tuple[int, Headers, bytes]]:
        body = b"" if document is None else json.dumps(document).encode()
        return lambda asked: (status, self.sign(body), body)


@pytest.fixture
def side(platform_keys: Keys) -> WeChatSide:
    return WeChatSide(platform_keys)
