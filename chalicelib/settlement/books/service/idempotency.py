"""Requests that are carried out once, however often they come."""

from dataclasses import dataclass

from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.principal import Principal


@dataclass(frozen=True, slots=True)
class Signed:
    """Who sends a request that must be carried out once, and how it is told apart."""

    key: str
    body_hash: str
    by: Principal


def check_same(stored_hash: str, signed: Signed) -> None:
    """Raises IdempotencyMismatch where the key came with another body before."""
    if stored_hash != signed.body_hash:
        raise IdempotencyMismatch(
            "This Idempotency-Key was used for something else; use a new key.", detail_zh="该幂等键已被使用，请更换。"
        )
