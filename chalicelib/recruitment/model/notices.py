"""What new members, applicants, those who brought somebody, and the team are told. Pure."""

from dataclasses import dataclass
from datetime import date

from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling


@dataclass(frozen=True, slots=True)
class Welcomed(Notice):
    """Somebody has joined a store that greets its new members."""

    template = "welcomed"
    telling = Telling(Category.SERVICE, about="shop")
    texts = {
        "en": ("Welcome to {brand}", "Welcome to {brand}! Look what your neighbours order together now, and join in."),
        "zh": ("欢迎加入{brand}", "欢迎加入{brand}！看看邻居们正在团什么，一起下单吧。"),
    }
    brand: str


@dataclass(frozen=True, slots=True)
class ApplicationApproved(Notice):
    """A store takes an applicant, who may sign in now."""

    template = "application_approved"
    telling = Telling(Category.ACCESS)
    texts = {
        "en": (
            "{brand} welcomes you",
            "{brand} has approved your application. Sign in with this address, and you are a member.",
        ),
        "zh": ("{brand}：入会申请已通过", "{brand}已通过您的入会申请，请用此地址登录，即可成为会员。"),
    }
    brand: str


@dataclass(frozen=True, slots=True)
class ApplicationDeclinedNotice(Notice):
    """A store does not take an applicant, and says why."""

    template = "application_declined"
    telling = Telling(Category.ACCESS)
    texts = {
        "en": (
            "Your application to {brand}",
            "{brand} has declined your application: {reason} Ask the store if you think that is wrong.",
        ),
        "zh": ("{brand}：入会申请未通过", "{brand}未通过您的入会申请：{reason} 如有疑问，请联系商家。"),
    }
    brand: str
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationArrived(Notice):
    """Somebody wants to join, and the team is to decide."""

    template = "application_arrived"
    telling = Telling(Category.SERVICE, audience="team", roles=frozenset({"manager", "service"}), about="application")
    texts = {
        "en": ("Somebody wants to join", "A new application to join has arrived. Read it, and approve or decline it."),
        "zh": ("有新的入会申请", "收到一份新的入会申请，请查看并审核。"),
    }


@dataclass(frozen=True, slots=True)
class ReferralRewarded(Notice):
    """A member is rewarded for a friend, whose first order was paid for and collected. Nobody is named."""

    template = "referral_rewarded"
    telling = Telling(Category.SERVICE, about="referral")
    texts = {
        "en": (
            "Thank you for bringing a neighbour",
            (
                "A neighbour whom you invited to {brand} has collected a first order. Your reward is among your points "
                "and coupons."
            ),
        ),
        "zh": ("感谢您邀请邻居", "您邀请的邻居已在{brand}完成首单，奖励已发放，请在“我的积分”和“我的优惠券”中查看。"),
    }
    brand: str


@dataclass(frozen=True, slots=True)
class ReferralReversed(Notice):
    """The reward for a friend went back, since the order that had earned it was refunded wholly."""

    template = "referral_reversed"
    telling = Telling(Category.SERVICE, about="referral")
    texts = {
        "en": (
            "A reward went back",
            (
                "The first order of a neighbour whom you invited to {brand} was refunded, so its reward went back. If "
                "they order again and keep it, you are rewarded again."
            ),
        ),
        "zh": ("邀请奖励已收回", "您邀请的邻居在{brand}的首单已全额退款，奖励已收回；对方再次下单并完成后会重新发放。"),
    }
    brand: str


@dataclass(frozen=True, slots=True)
class _Invitation(Notice):
    """What an invitation says: what waits for who joins, up to and including which local day, and the links by which
    they join, and by which they want no more.
    """

    telling = Telling(Category.NEWS, about="invitation")
    brand: str
    gift: InWords
    until: date
    url: str
    stop_url: str


@dataclass(frozen=True, slots=True)
class PersonalInvitation(_Invitation):
    """Somebody who has agreed to it is invited to join."""

    template = "personal_invitation"
    texts = {
        "en": (
            "{brand} invites you to join",
            (
                "{brand} invites you to join. {gift} Join with this address until {until}: {url} "
                "You get this because you agreed to be invited. To get no more: {stop_url}"
            ),
        ),
        "zh": (
            "{brand}邀请您加入",
            (
                "{brand}邀请您加入。{gift}请在 {until} 当天或之前用此地址登录加入：{url} "
                "您曾同意接收邀请；如不想再收到：{stop_url}"
            ),
        ),
    }


@dataclass(frozen=True, slots=True)
class InvitationReminder(_Invitation):
    """An invitation ends soon, and nobody has joined by it."""

    template = "invitation_reminder"
    texts = {
        "en": (
            "Your invitation from {brand} ends soon",
            (
                "Your invitation from {brand} ends soon. {gift} Join with this address until {until}: {url} "
                "This is the only reminder; if you want no more: {stop_url}"
            ),
        ),
        "zh": (
            "{brand}的邀请即将到期",
            (
                "{brand}的邀请即将到期。{gift}请在 {until} 当天或之前用此地址登录加入：{url} "
                "此提醒仅发送一次；如不想再收到：{stop_url}"
            ),
        ),
    }
