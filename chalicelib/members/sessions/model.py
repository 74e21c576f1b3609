"""How long a token can be renewed after the code that it goes back to. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from chalicelib.kernel.errors import Unauthenticated
from chalicelib.members.sign_in.model import MEMBER_TOKEN_SECONDS, STAFF_TOKEN_SECONDS, Audience

LONGEST: Mapping[Audience, timedelta] = {"member": timedelta(days=30), "staff": timedelta(hours=12)}
"""How long after using a code someone may stay signed in: a neighbour for a month, the team for a working day."""

COOKIE: Mapping[Audience, timedelta] = {"member": timedelta(days=30), "staff": timedelta(hours=12)}
"""How long a browser stays signed in that does not come back: a neighbour orders every other week."""

COOKIE_LONGEST: Mapping[Audience, timedelta] = {"member": timedelta(days=180), "staff": timedelta(hours=12)}
"""How long a browser that keeps coming back stays signed in with one code. Signing out everywhere ends it at once."""

_SECONDS: Mapping[Audience, int] = {"member": MEMBER_TOKEN_SECONDS, "staff": STAFF_TOKEN_SECONDS}


class SignInAgain(Unauthenticated):
    """The code that the token goes back to was used too long ago for another token."""

    code, title, title_zh = "sign_in_again", "A new code is needed", "需要重新验证登录"


def renewed_seconds(audience: Audience, proved_at: int, now: datetime) -> int:
    """For how many seconds another token lets someone who used a code at ``proved_at`` (epoch seconds): as long as the
    first, and not past the longest that they may stay signed in. Raises SignInAgain.
    """
    longest = LONGEST[audience]
    left = int(proved_at + longest.total_seconds() - now.timestamp())
    if left <= 0:
        shown = f"{longest.days} days" if longest.days else f"{longest.seconds // 3600} hours"
        shown_zh = f"{longest.days} 天" if longest.days else f"{longest.seconds // 3600} 小时"
        raise SignInAgain(
            f"You have been signed in for {shown}; sign in with a new code.",
            detail_zh=f"您已登录满 {shown_zh}，请使用新的验证码登录。",
        )
    return min(_SECONDS[audience], left)


def cookie_seconds(audience: Audience, proved_at: int, now: datetime) -> int:
    """For how many seconds a browser stays signed in that used a code at ``proved_at`` (epoch seconds); 0 for none."""
    left = int(proved_at + COOKIE_LONGEST[audience].total_seconds() - now.timestamp())
    return max(0, min(int(COOKIE[audience].total_seconds()), left))
