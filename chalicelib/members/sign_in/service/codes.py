"""One-time codes: sent, counted, used once.

Everything is decided by conditions inside the writes, so that many requests at the same moment change nothing: the
fifth try is the last however many arrive together, and one of them at most signs in.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from math import ceil

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.ids import digits_code
from chalicelib.members.sign_in.model import (
    CODE_LIFETIME,
    CODE_TRIES,
    CODE_WINDOW,
    CODES_A_WINDOW,
    BadCode,
    TooManyCodes,
    code_digest,
    window_start,
)
from chalicelib.members.sign_in.records import CodeWindow, SignInCode
from chalicelib.settings import secret


def draw_code(sign_in: str, now: datetime) -> str:
    """A fresh code for a sign-in; an earlier one no longer works. Raises TooManyCodes, for whomever it is."""
    code = digits_code()
    window = window_start(now)
    window_ends = window + int(CODE_WINDOW.total_seconds())
    ends_at = now + CODE_LIFETIME
    tx = Transaction()
    tx.update(
        "window",
        CodeWindow,
        *CodeWindow.address(sign_in, window),
        actions=[CodeWindow.sent.add(1), CodeWindow.expires_at.set(window_ends)],
        condition=CodeWindow.sent.does_not_exist() | (CodeWindow.sent < CODES_A_WINDOW),
    )
    tx.put(
        "code",
        SignInCode(
            *SignInCode.address(sign_in),
            digest=_digest(sign_in, code),
            ends_at=ends_at,
            expires_at=int(ends_at.timestamp()),
        ),
    )
    try:
        tx.commit()
    except Refused as refused:
        raise _too_many(window_ends - now.timestamp()) from refused
    return code


def count_try(sign_in: str, now: datetime) -> None:
    """Takes one of a code's five tries, before it is looked at. Raises BadCode when none is left or it is late.

    Whether it is late is decided here: the table's own expiry deletes hours later.
    """
    tx = Transaction()
    tx.update(
        "try",
        SignInCode,
        *SignInCode.address(sign_in),
        actions=[SignInCode.tries.add(1)],
        condition=(SignInCode.tries < CODE_TRIES) & (SignInCode.ends_at > now),
    )
    try:
        tx.commit()
    except Refused as refused:
        raise bad_code() from refused


def try_any(names: Iterable[str], now: datetime) -> str:
    """Counts a try at the code that lies under one of the names, and says under which. Raises BadCode."""
    for name in names:
        with suppress(BadCode):
            count_try(name, now)
            return name
    raise bad_code()


def use_code(tx: Transaction, sign_in: str, code: str) -> None:
    """Adds the use of the code to a transaction: refused at ``code`` unless it is this one and still unused."""
    digest = _digest(sign_in, code)
    address = SignInCode.address(sign_in)
    tx.delete("code", SignInCode, *address, condition=SignInCode.digest == digest)


def _digest(sign_in: str, code: str) -> bytes:
    """Keyed as the sign-in is named. Raises BadCode where that key counts no longer."""
    key = secret("codes").find(sign_in.partition(".")[0])
    if key is None:
        raise bad_code()
    return code_digest(key.value, sign_in, code)


def bad_code() -> BadCode:
    """The one answer to every code that is not accepted."""
    return BadCode(
        "The code is wrong, used, or older than ten minutes; ask for a new one.",
        detail_zh="验证码错误、已使用或已超过十分钟，请重新获取。",
    )


def _too_many(seconds: float) -> TooManyCodes:
    wait = max(1, ceil(seconds))
    return TooManyCodes(
        f"{CODES_A_WINDOW} codes were sent; use the last one, or ask again in {wait} second{'' if wait == 1 else 's'}.",
        detail_zh=f"已发送 {CODES_A_WINDOW} 次验证码，请使用最近的一次，或在 {wait} 秒后重试。",
        retry_after=wait,
    )
