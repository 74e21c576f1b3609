"""How WeChat Pay v3 signs and encrypts: RSA-SHA256 (PKCS #1 v1.5) over lines of text, AES-256-GCM for contents.

Source: https://pay.weixin.qq.com/doc/v3/merchant/4012365342 (requests), …/4012365350 (messages) and
…/4012071382 (contents).
"""

import base64
import binascii
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chalicelib.kernel import strict_json
from chalicelib.payments.providers.hmac_signature import fresh

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

SCHEME = "WECHATPAY2-SHA256-RSA2048"
ALGORITHM = "AEAD_AES_256_GCM"
_LEAST_BITS = 2048


@lru_cache(maxsize=64)
def private_key(pem: str) -> "RSAPrivateKey":
    """A merchant's key for signing. Raises ValueError unless it is an RSA key of 2048 bits or more, in PEM."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.encode(), None)
    except (TypeError, UnsupportedAlgorithm) as fault:
        raise ValueError("the key has a password, or is of another kind") from fault
    if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_BITS:
        raise ValueError("not an RSA key of 2048 bits or more")
    return key


@lru_cache(maxsize=64)
def public_key(pem: str) -> "RSAPublicKey":
    """WeChat Pay's key for checking: a public key or a platform certificate, in PEM. Raises ValueError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from cryptography.x509 import load_pem_x509_certificate

    raw = pem.encode()
    try:
        key = load_pem_x509_certificate(raw).public_key() if "CERTIFICATE" in pem else load_pem_public_key(raw)
    except UnsupportedAlgorithm as fault:
        raise ValueError("a key of another kind") from fault
    if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_BITS:
        raise ValueError("not an RSA key of 2048 bits or more")
    return key


def sign(pem: str, *lines: str) -> str:
    """The signature over lines, each ended by a line feed, in base 64."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    text = "".join(line + "\n" for line in lines)
    return base64.b64encode(private_key(pem).sign(text.encode(), PKCS1v15(), SHA256())).decode()


def authorization(
    pem: str, merchant: str, serial: str, method: str, path: str, body: str, now: datetime, nonce: str = ""
) -> str:
    """The Authorization header of a request; ``path`` with its query. ``nonce`` is made where none is given."""
    nonce, t = nonce or secrets.token_hex(16), str(int(now.timestamp()))
    signature = sign(pem, method, path, t, nonce, body)
    return (
        f'{SCHEME} mchid="{merchant}",nonce_str="{nonce}",signature="{signature}",timestamp="{t}",serial_no="{serial}"'
    )


def is_signed(pem: str, serial: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether a message or an answer was signed by the key of this serial number, within 300 s of ``now``."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    t, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
    if headers.get("wechatpay-signature-type", SCHEME) != SCHEME or headers.get("wechatpay-serial", "") != serial:
        return False
    if not nonce or not fresh(t, now):
        return False
    try:
        signature = base64.b64decode(headers.get("wechatpay-signature", ""), validate=True)
        public_key(pem).verify(signature, f"{t}\n{nonce}\n".encode() + body + b"\n", PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def decrypt(api_v3_key: str, resource: Mapping[str, Any]) -> dict[str, Any]:
    """The contents of a message. Raises ValueError for another algorithm, key or a changed text."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if resource["algorithm"] != ALGORITHM:
        raise ValueError("an algorithm that is not WeChat Pay's")
    sealed = base64.b64decode(str(resource["ciphertext"]), validate=True)
    bound = str(resource.get("associated_data") or "").encode()
    try:
        plain = AESGCM(api_v3_key.encode()).decrypt(str(resource["nonce"]).encode(), sealed, bound)
    except InvalidTag as fault:
        raise ValueError("not encrypted with this key") from fault
    found = strict_json.read(plain)
    if not isinstance(found, dict):
        raise ValueError("the content is no object")
    return found
