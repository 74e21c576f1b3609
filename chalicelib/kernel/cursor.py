"""Opaque list cursors, bound to what they were issued for."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from chalicelib.kernel.errors import Malformed
from chalicelib.kernel.keys import Keys

SHAPE = "^[A-Za-z0-9_.-]+$"
"""How a cursor is written, for the API document."""

_MAC_BYTES = 12


class BadCursor(Malformed):
    """The cursor was altered, or belongs to another tenant or another query."""

    code, title, title_zh = (
        "bad_cursor",
        "The cursor does not belong to this list",
        "游标与当前列表不匹配",
    )


def encode(payload: dict[str, Any], binding: str, keys: Keys) -> str:
    """Seals a page's last key. ``binding`` names the tenant and the query (path and filters, not ``limit``)."""
    body = json.dumps(payload, separators=(",", ":"), sort_keys=True).encode()
    key = keys.current
    return f"{key.id}.{base64.urlsafe_b64encode(_mac(body, binding, key.value) + body).decode().rstrip('=')}"


def decode(text: str, binding: str, keys: Keys) -> dict[str, Any]:
    """Opens a cursor. Raises BadCursor unless it was sealed with the same binding and a key that still counts."""
    key_id, dot, sealed = text.rpartition(".")
    try:
        raw = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as torn:
        raise BadCursor(
            "The cursor is not readable; use it as you received it.",
            detail_zh="游标无法识别，请原样使用收到的游标。",
        ) from torn
    mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not any(hmac.compare_digest(mac, _mac(body, binding, each)) for each in _candidates(keys, key_id, bool(dot))):
        raise BadCursor(
            "This cursor belongs to another list; start again without it.",
            detail_zh="该游标属于另一个列表，请去掉游标重新查询。",
        )
    loaded: dict[str, Any] = json.loads(body)
    return loaded


def _candidates(keys: Keys, key_id: str, named: bool) -> Iterable[bytes]:
    """What a cursor may be sealed with: the key that it names, or for one from before keys had ids the secrets."""
    if not named:
        return keys.secrets()
    key = keys.find(key_id)
    return [key.value] if key else []


def _mac(body: bytes, binding: str, secret: bytes) -> bytes:
    return hmac.digest(secret, binding.encode() + b"\0" + body, hashlib.sha256)[:_MAC_BYTES]
