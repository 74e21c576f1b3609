"""What an import made and may be taken back, and why some of it stays. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.jobs.model import Kind

UNDO = Kind("undo", "import.undo", "imports")
"""The undoing of an import, or a look at what it would come to."""

WAITED = "import.undo_waited"
"""The message about an undoing that has waited long enough."""

SETTLES_AFTER = timedelta(minutes=2)
"""Whatever had begun with a product or a member before it left is stored by then, and read from every index."""


class Phase(StrEnum):
    """``judge`` says what would go. Otherwise all that may go leaves first (``leave``), which keeps new things from
    beginning with it, and is removed when what had begun before is seen (``remove``).
    """

    JUDGE = "judge"
    LEAVE = "leave"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Made:
    """What a row of an import made: its key, which it may share with other rows."""

    key: str
    row: int


@dataclass(frozen=True, slots=True)
class ProductNow:
    """What has become of a product that an import made. ``used_in`` is the title of a campaign or series with it;
    ``wanted`` says that members keep it, or asked to hear of it.
    """

    title: str
    untouched: bool
    stock_moved: bool
    terms_changed: bool
    used_in: str = ""
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class MemberNow:
    """What has become of a member whom an import made."""

    untouched: bool
    claimed: bool
    ordered: bool
    has_coupons: bool
    leads: bool


def why_product_stays(now: ProductNow) -> Reason | None:
    """Why a product is not taken back; None where it is."""
    if now.used_in:
        return Reason(
            f"'{now.title}' stays: it is offered in '{now.used_in}'", f"“{now.title}”保留：已用于“{now.used_in}”"
        )
    if now.stock_moved:
        return Reason(f"'{now.title}' stays: its stock has moved since", f"“{now.title}”保留：导入后库存有变动")
    if now.terms_changed:
        words = f"'{now.title}' stays: what its supplier asks has been changed since"
        return Reason(words, f"“{now.title}”保留：导入后供货条款有变动")
    if now.wanted:
        return Reason(f"'{now.title}' stays: members want it", f"“{now.title}”保留：已有会员收藏或订阅提醒")
    if not now.untouched:
        return Reason(f"'{now.title}' stays: it has been changed since", f"“{now.title}”保留：导入后被修改过")
    return None


def why_member_stays(now: MemberNow) -> Reason | None:
    """Why a member is not taken back; None where they are."""
    if now.claimed:
        return Reason("the member stays: they have signed in", "会员保留：已登录过")
    if now.ordered:
        return Reason("the member stays: they have ordered", "会员保留：已有订单")
    if now.has_coupons:
        return Reason("the member stays: they were given a coupon", "会员保留：已获得优惠券")
    if now.leads:
        return Reason("the member stays: they lead a pickup point", "会员保留：担任自提点团长")
    if not now.untouched:
        words = "the member stays: another list, or somebody of the team, has changed them since"
        return Reason(words, "会员保留：导入后被其他名单或员工修改过")
    return None
