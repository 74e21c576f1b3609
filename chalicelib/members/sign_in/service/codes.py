"""One-time codes: sent, counted, used once.

Everything is decided by conditions inside the writes, so that many requests at the same moment change nothing: the
fifth try of a handle is its last however many arrive together, and a code signs in once.

Several codes of an address may be alive. Tries count on the handle that its asker was given, so nobody uses up those of
somebody else; any handle of the address opens with any of its codes, since the newest message may answer another
request.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.counting import counted
from chalicelib.kernel.ids import digits_code, secret_hash, secret_token
from chalicelib.members.sign_in.model import (
    CODE_LIFETIME,
    CODE_TRIES,
    DIGITS,
    KNOWN_FOR,
    MORE_DIGITS,
    Asking,
    BadCode,
    TooManyCodes,
    code_digest,
)
from chalicelib.members.sign_in.records import NO_HANDLE, SignedInBefore, SignInCode, SignInTries
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.rate_limits.service import give_back, most, spend, spent_of
from chalicelib.settings import secret


@dataclass(frozen=True, slots=True)
class Drawn:
    """A code, and the handle to try it with. Where the codes before it are kept, it is not ``alive``."""

    code: str
    handle: str
    alive: bool


def draw_code(asking: Asking, now: datetime, *, longer: bool) -> Drawn:
    """A fresh code and handle; where enough codes of the address are alive, a handle to try these with.

    Raises TooManyCodes or LimitReached when this source asked too often, for whomever it was.
    """
    drawn = Drawn(digits_code(MORE_DIGITS if longer else DIGITS), secret_token(16), alive=True)
    tx = _started(asking, drawn.handle, now)
    spend(tx, [asking.alive], now)
    ends_at, digest = now + CODE_LIFETIME, _digest(asking, drawn.code)
    expires = int(ends_at.timestamp())
    tx.put("code", SignInCode(*SignInCode.address(asking.key, digest), ends_at=ends_at, expires_at=expires))
    tx.put("tries-without", _tries(asking, NO_HANDLE, now))
    try:
        tx.commit()
    except Refused as refused:
        _refuse_asking(refused, asking, drawn.handle, now)
    else:
        return drawn
    tx = _started(asking, drawn.handle, now)
    try:
        tx.commit()
    except Refused as refused:
        _refuse_asking(refused, asking, drawn.handle, now)
        raise
    return Drawn(drawn.code, drawn.handle, alive=False)


def count_try(asking: Asking, handle: str | None, code: str, now: datetime) -> None:
    """Takes one of a handle's five tries, before the code is looked at. A short code is a guess besides.

    Raises BadCode when no try is left or the handle is late; LimitReached when no guess is left: then only the longer
    codes open anything. Whether it is late is decided here: the table's own expiry deletes hours later.
    """
    guesses = _guesses(asking, code)
    tx = Transaction()
    tx.update(
        "try",
        SignInTries,
        *SignInTries.address(asking.key, _kept(handle)),
        actions=[SignInTries.tries.add(1)],
        condition=(SignInTries.tries < CODE_TRIES) & (SignInTries.ends_at > now),
    )
    spend(tx, guesses, now)
    try:
        tx.commit()
    except Refused as refused:
        if "try" in refused.names:
            raise bad_code() from refused
        raise spent_of(refused, guesses, now) or refused from refused


def count_try_of_any(askings: Iterable[Asking], handle: str | None, code: str, now: datetime) -> Asking:
    """Counts a try under the first of the names under which there is one left, and says which. Raises as count_try."""
    for asking in askings:
        with suppress(BadCode):
            count_try(asking, handle, code, now)
            return asking
    raise bad_code()


def use_code(tx: Transaction, asking: Asking, code: str, now: datetime) -> None:
    """Adds the use of the code to a transaction: refused at ``code`` unless it is alive and still unused.

    The try was no guess then, and whoever made it is known to the store.
    """
    digest = _digest(asking, code)
    tx.delete("code", SignInCode, *SignInCode.address(asking.key, digest), condition=SignInCode.ends_at > now)
    give_back(tx, _guesses(asking, code), now)
    known = SignedInBefore(*SignedInBefore.address(asking.key), expires_at=int((now + KNOWN_FOR).timestamp()))
    tx.put("known", known)


def place_of(asking: Asking, code: str) -> tuple[type[SignInCode], str, str]:
    """Where to read whether a code is right, for a batch of reads; only a transaction with its use counts. Raises
    BadCode.
    """
    return (SignInCode, *SignInCode.address(asking.key, _digest(asking, code)))


def is_alive(found: SignInCode | None, now: datetime) -> bool:
    """Whether a code that was read is right, and not over."""
    return found is not None and found.ends_at > now


def _digest(asking: Asking, code: str) -> str:
    """Keyed as the sign-in is named. Raises BadCode where that key counts no longer."""
    key = secret("codes").find(asking.key.partition(".")[0])
    if key is None:
        raise bad_code()
    return code_digest(key.value, asking.key, code)


def bad_code() -> BadCode:
    """The one answer to every code that is not accepted."""
    return BadCode(
        "The code is wrong, used, or older than ten minutes; ask for a new one.",
        detail_zh="验证码错误、已使用或已超过十分钟，请重新获取。",
    )


def _started(asking: Asking, handle: str, now: datetime) -> Transaction:
    """What every request for a code writes: what it spends, and the tries of its handle."""
    tx = Transaction()
    spend(tx, asking.budgets, now)
    tx.put("tries", _tries(asking, _kept(handle), now))
    return tx


def _tries(asking: Asking, kept: str, now: datetime) -> SignInTries:
    ends_at = now + CODE_LIFETIME
    address = SignInTries.address(asking.key, kept)
    return SignInTries(*address, tries=0, ends_at=ends_at, expires_at=int(ends_at.timestamp()))


def _kept(handle: str | None) -> str:
    return NO_HANDLE if handle is None else secret_hash(handle)


def _guesses(asking: Asking, code: str) -> Sequence[Budget]:
    return asking.guesses if len(code) < MORE_DIGITS else ()


def _refuse_asking(refused: Refused, asking: Asking, handle: str, now: datetime) -> None:
    """Raises where this source asked too often; returns where enough codes of the address are alive.

    Who shares the source with others may not be the one who asked: the refusal has a handle to try the last code with.
    """
    reached = spent_of(refused, asking.budgets, now)
    if reached is None:
        return
    of_address, of_source = asking.budgets
    if reached.limit != of_address.limit:
        raise reached from refused
    tx = Transaction()
    spend(tx, [of_source], now)
    tx.put("tries", _tries(asking, _kept(handle), now))
    try:
        tx.commit()
    except Refused as again:
        raise spent_of(again, [of_source], now) or again from refused
    raise _too_many(reached, handle) from refused


def _too_many(reached: LimitReached, handle: str) -> TooManyCodes:
    wait, sent = reached.retry_after or 1, most(reached.limit)
    return TooManyCodes(
        f"{sent} codes were sent; use the last one, or ask again in {counted(wait, 'second')}.",
        detail_zh=f"已发送 {sent} 次验证码，请使用最近的一次，或在 {wait} 秒后重试。",
        retry_after=wait,
        extra={"handle": handle},
    )
