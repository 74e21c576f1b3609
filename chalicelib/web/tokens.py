"""Signed, short-lived access tokens, bound to one tenant and one audience."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from chalicelib.kernel.clock import now as product_now
from chalicelib.kernel.errors import Unauthenticated
from chalicelib.kernel.principal import Principal
from chalicelib.settings import secret

_ALGORITHM = "HS256"
_ISSUER = "lintuan"
_TYPE = "at+jwt"
Audience = Literal["staff", "member"]
Kept = Literal["tokens", "sessions"]
"""Where a token is kept: by whoever called the API, or by a browser in a cookie. The one is not taken for the other."""


def issue(
    kind: Audience,
    tenant_id: str,
    slug: str,
    subject: str,
    roles: frozenset[str],
    now: datetime,
    seconds: int,
    *,
    sign_outs: int = 0,
    proved_at: int | None = None,
    kept: Kept = "tokens",
) -> str:
    """A token for one staff member or member of one tenant, valid for ``seconds`` from ``now``, and until they sign out
    everywhere once more than ``sign_outs`` times. ``proved_at`` (epoch seconds, else now) is when they used a code.
    """
    import jwt

    issued_at = int(now.timestamp())
    claims = {
        "iss": _ISSUER,
        "aud": kind,
        "tid": tenant_id,
        "slug": slug,
        "sub": subject,
        "roles": sorted(roles),
        "iat": issued_at,
        "exp": issued_at + seconds,
        "auth_time": issued_at if proved_at is None else proved_at,
        "outs": sign_outs,
    }
    key = secret(kept).current
    return jwt.encode(claims, key.value, algorithm=_ALGORITHM, headers={"typ": _TYPE, "kid": key.id})


def verify(token: str, kept: Kept = "tokens") -> Principal:
    """The principal of a token. Raises Unauthenticated for any fault, without saying which.

    Expiry is checked against the product's clock; signature, algorithm, type, issuer and audience by PyJWT. Whether
    the person has signed out since is for whoever reads what is stored of them.
    """
    import jwt

    refused = Unauthenticated(
        "The credential is not valid or has expired; sign in again.",
        detail_zh="凭证无效或已过期，请重新登录。",
    )
    try:
        whole = _opened(token, kept)
        claims: dict[str, Any] = whole["payload"]
        audience = claims["aud"]
        if (
            whole["header"].get("typ") != _TYPE
            or audience not in ("staff", "member")
            or int(claims["exp"]) <= product_now().timestamp()
        ):
            raise refused
        # Tokens from before these claims were issued when the code was used, to people who had never signed out.
        proved_at, sign_outs = int(claims.get("auth_time", claims["iat"])), int(claims.get("outs", 0))
    except (jwt.PyJWTError, ValueError, TypeError) as fault:
        raise refused from fault
    return Principal(
        audience,
        claims["tid"],
        claims["sub"],
        frozenset(claims["roles"]),
        slug=claims.get("slug", ""),
        proved_at=proved_at,
        sign_outs=sign_outs,
    )


def _opened(token: str, kept: Kept) -> dict[str, Any]:
    """Header and payload. Raises PyJWTError."""
    import jwt

    fault: jwt.PyJWTError = jwt.InvalidSignatureError("the key is not known")
    for key in _candidates(jwt.get_unverified_header(token), kept):
        try:
            return jwt.decode_complete(
                token,
                key,
                algorithms=[_ALGORITHM],
                audience=["staff", "member"],
                issuer=_ISSUER,
                options={
                    "require": ["exp", "iat", "sub", "aud", "tid", "roles"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidSignatureError as another:
            fault = another
    raise fault


def _candidates(header: dict[str, Any], kept: Kept) -> Iterable[bytes]:
    """What a token may be signed with: the key that it names, or for one from before keys had ids the secrets."""
    if "kid" not in header:
        return secret(kept).secrets()
    key = secret(kept).find(str(header["kid"]))
    return [key.value] if key else []


def ends_at(token: str) -> int:
    """When a token ends that was verified (epoch seconds)."""
    import jwt

    return int(jwt.decode(token, options={"verify_signature": False})["exp"])
