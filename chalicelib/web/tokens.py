"""Signed, short-lived access tokens, bound to one tenant and one audience."""

from datetime import datetime
from typing import Any, Literal

from chalicelib.kernel.clock import now as product_now
from chalicelib.kernel.errors import Unauthenticated
from chalicelib.kernel.principal import Principal
from chalicelib.settings import token_secret

_ALGORITHM = "HS256"
_ISSUER = "lintuan"
_TYPE = "at+jwt"
Audience = Literal["staff", "member"]


def issue(
    kind: Audience,
    tenant_id: str,
    slug: str,
    subject: str,
    roles: frozenset[str],
    now: datetime,
    seconds: int,
) -> str:
    """A token for one staff member or member of one tenant, valid for ``seconds`` from ``now``."""
    import jwt

    claims = {
        "iss": _ISSUER,
        "aud": kind,
        "tid": tenant_id,
        "slug": slug,
        "sub": subject,
        "roles": sorted(roles),
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + seconds,
    }
    return jwt.encode(claims, token_secret(), algorithm=_ALGORITHM, headers={"typ": _TYPE})


def verify(token: str) -> Principal:
    """The principal of a token. Raises Unauthenticated for any fault, without saying which.

    Expiry is checked against the product's clock; signature, algorithm, type, issuer and audience by PyJWT.
    """
    import jwt

    refused = Unauthenticated(
        "The credential is not valid or has expired; sign in again.",
        detail_zh="凭证无效或已过期，请重新登录。",
    )
    try:
        whole = jwt.decode_complete(
            token,
            token_secret(),
            algorithms=[_ALGORITHM],
            audience=["staff", "member"],
            issuer=_ISSUER,
            options={
                "require": ["exp", "iat", "sub", "aud", "tid", "roles"],
                "verify_exp": False,
                "verify_iat": False,
            },
        )
        claims: dict[str, Any] = whole["payload"]
        audience = claims["aud"]
        if (
            whole["header"].get("typ") != _TYPE
            or audience not in ("staff", "member")
            or int(claims["exp"]) <= product_now().timestamp()
        ):
            raise refused
    except (jwt.PyJWTError, ValueError, TypeError) as fault:
        raise refused from fault
    return Principal(
        audience,
        claims["tid"],
        claims["sub"],
        frozenset(claims["roles"]),
        slug=claims.get("slug", ""),
    )
