"""The secret part of a link that ends one kind of messages to one member. Pure."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from chalicelib.kernel.ids import is_id
from chalicelib.kernel.keys import Keys
from chalicelib.notices.model.notices import Category

_ID = 26
_MAC = 24
_LETTERS = {Category.SERVICE: "s", Category.NEWS: "n"}
_CATEGORIES = {letter: category for category, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Which member of which tenant no longer wants which kind of messages: ``service`` or ``news``."""

    tenant_id: str
    member_id: str
    category: Category


def can_end(category: Category) -> bool:
    """Whether a link may end messages of a kind; orders, money and access are told whatever happens."""
    return category in _LETTERS


def token_of(keys: Keys, what: Unsubscribing) -> str:
    """Tenant, member and kind, a key's id, and 144 bits of HMAC-SHA-256 over them.

    It says nothing that its reader does not know, and has no end of its own: a message is read whenever somebody finds
    it. It counts as long as its key does.
    """
    key, plain = keys.current, _plain(what)
    return plain + key.id + _mac(key.value, plain)


def read(keys: Keys, token: str) -> Unsubscribing | None:
    """What a token of ours says; None for any other, and for one whose key no longer counts. Constant time."""
    plain, key_id, mac = token[: 2 * _ID + 1], token[2 * _ID + 1 : -_MAC], token[-_MAC:]
    tenant_id, member_id, letter = plain[:_ID], plain[_ID:-1], plain[-1:]
    if not (token.isascii() and is_id(tenant_id) and is_id(member_id) and letter in _CATEGORIES):
        return None
    key = keys.find(key_id)
    if key is None or not hmac.compare_digest(mac, _mac(key.value, plain)):
        return None
    return Unsubscribing(tenant_id, member_id, _CATEGORIES[letter])


def _plain(what: Unsubscribing) -> str:
    return what.tenant_id + what.member_id + _LETTERS[what.category]


def _mac(key: bytes, plain: str) -> str:
    mac = hmac.digest(key, b"unsubscribe\0" + plain.encode(), hashlib.sha256)[:18]
    return base64.urlsafe_b64encode(mac).decode()
