"""Opaque list cursors, bound to what they were issued for."""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from chalicelib.kernel.errors import Malformed

SHAPE = "^[A-Za-z0-9_-]+$"
"""How a cursor is written, for the API document."""

_MAC_BYTES = 12


class BadCursor(Malformed):
    """The cursor was altered, or belongs to another tenant or another query."""

    code, title, title_zh = (
        "bad_cursor",
        "The cursor does not belong to this list",
        "游标与当前列表不匹配",
    )


def encode(payload: dict[str, Any], binding: str, secret: bytes) -> str:
    """Seals a page's last key. ``binding`` names the tenant and the query (path and filters, not ``limit``)."""
    body = json.dumps(payload, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(_mac(body, binding, secret) + body).decode().rstrip("=")


def decode(text: str, binding: str, secret: bytes) -> dict[str, Any]:
    """Opens a cursor. Raises BadCursor unless it was sealed with the same binding and secret."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as torn:
        raise BadCursor(
            "The cursor is not readable; use next_cursor as you received it.",
            detail_zh="游标无法识别，请原样使用 next_cursor。",
        ) from torn
    mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(body, binding, secret)):
        raise BadCursor(
            "This cursor belongs to another list; start again without it.",
            detail_zh="该游标属于另一个列表，请去掉游标重新查询。",
        )
    loaded: dict[str, Any] = json.loads(body)
    return loaded


def _mac(body: bytes, binding: str, secret: bytes) -> bytes:
    return hmac.digest(secret, binding.encode() + b"\0" + body, hashlib.sha256)[:_MAC_BYTES]
