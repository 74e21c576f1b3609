"""What owners, who keeps a brand's programs running, and who joins the team are told of the account itself. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.notices.model.facts import InWords, Listed
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency

_PROGRAMS = frozenset({"owner", "technical"})
"""Who keeps a brand's programs running, and who answers for all of it."""


@dataclass(frozen=True, slots=True)
class BrandToConfirm(Notice):
    """A brand was signed up with the reader's address, and is confirmed by signing in; ``slug`` is what it is called
    when signing in.
    """

    template = "brand_to_confirm"
    telling = Telling(Category.ORDER, Urgency.ACT, "team", frozenset({"owner"}), "brand")
    texts = {
        "en": (
            "Confirm {brand}",
            (
                "{brand} was signed up with this address. Sign in once with a code, as staff of “{slug}”, to confirm "
                "that it is yours: until then only a few messages a day leave it, so members may not hear of their "
                "orders. If you know nothing of it, ignore this message."
            ),
        ),
        "zh": (
            "请确认 {brand}",
            (
                "{brand} 已使用该邮箱注册。请以“{slug}”团队成员身份用验证码登录一次以完成确认；"
                "确认前每天只能发送少量消息，会员可能收不到订单通知。如非您本人操作，请忽略此消息。"
            ),
        ),
    }
    brand: str
    slug: str


_ROLES: Mapping[str, InWords] = {
    "owner": InWords("owner", "所有者"),
    "manager": InWords("manager", "管理员"),
    "editor": InWords("editor", "编辑"),
    "planner": InWords("planner", "活动策划"),
    "service": InWords("service", "客服"),
    "analyst": InWords("analyst", "数据分析"),
    "technical": InWords("technical", "技术"),
}


def in_words(roles: Iterable[str]) -> InWords:
    """Roles one after the other, as each language lists them."""
    said = [_ROLES.get(role, InWords(role, role)) for role in roles]
    return InWords(", ".join(each.en for each in said), "、".join(each.zh for each in said))


@dataclass(frozen=True, slots=True)
class StaffAdded(Notice):
    """Somebody was put on the team: what they may do, and how they sign in."""

    template = "staff_added"
    telling = Telling(Category.ORDER, Urgency.ACT, "team", about="staff")
    texts = {
        "en": (
            "You are on the team of {brand}",
            (
                "You are on the team of {brand} now; your roles: {roles}. Sign in with a code that is sent to this "
                "address, as staff of “{slug}”. If you know nothing of it, ignore this message."
            ),
        ),
        "zh": (
            "您已加入 {brand} 团队",
            (
                "您已被添加为 {brand} 的团队成员，角色：{roles}。请以“{slug}”团队成员身份，"
                "使用发送至本邮箱的验证码登录。如您不知情，请忽略此消息。"
            ),
        ),
    }
    brand: str
    roles: InWords
    slug: str


@dataclass(frozen=True, slots=True)
class KeysOfLessened(Notice):
    """API keys have stopped, since whoever answers for them holds none of their scopes any more."""

    template = "keys_of_lessened"
    telling = Telling(Category.ORDER, Urgency.ACT, "team", frozenset({"owner"}), "staff")
    texts = {
        "en": (
            "API keys have stopped: fewer roles of {person}",
            (
                "{brand}: {person} holds fewer roles now, and with that these API keys stopped: {keys}. What uses "
                "them is refused now. Give the roles back, or have somebody who holds them take the keys over; revoke "
                "the others."
            ),
        ),
        "zh": (
            "API 密钥已停用：{person} 的角色已减少",
            (
                "{brand}：{person} 的角色已变更，其负责的 API 密钥因此停用：{keys}。使用这些密钥的程序现已无法访问。"
                "请恢复相应角色，或由拥有该角色的成员接管密钥；不再需要的请撤销。"
            ),
        ),
    }
    brand: str
    person: InWords
    keys: Listed


@dataclass(frozen=True, slots=True)
class KeysOfLeaver(Notice):
    """Somebody has left, and what runs with their API keys does not run any more."""

    template = "keys_of_leaver"
    telling = Telling(Category.ORDER, Urgency.ACT, "team", _PROGRAMS, "staff")
    texts = {
        "en": (
            "API keys have stopped: {person} has left",
            (
                "{person} has left {brand}, and with them these API keys stopped: {keys}. What uses them is refused "
                "now. Take over those that are still needed, in the list of API keys, and their secrets stay as they "
                "are; revoke the others."
            ),
        ),
        "zh": (
            "API 密钥已停用：{person} 已离开",
            (
                "{person} 已离开 {brand}，其负责的 API 密钥已停用：{keys}。使用这些密钥的程序现已无法访问。"
                "请在 API 密钥列表中接管仍需使用的密钥（密钥内容不变），并撤销其余密钥。"
            ),
        ),
    }
    brand: str
    person: InWords
    keys: Listed


@dataclass(frozen=True, slots=True)
class WebhookDisabled(Notice):
    """A program of the brand has not taken its webhooks for days, and is sent none any more."""

    template = "webhook_disabled"
    telling = Telling(Category.ORDER, Urgency.ACT, "team", _PROGRAMS, "webhook endpoint")
    texts = {
        "en": (
            "Webhooks have stopped: {host}",
            (
                "{brand}: {host} has taken none of our webhooks since {since}, so we send it none any more. Put the "
                "receiver right, send a test, then enable the endpoint again and have what it missed sent once more, "
                "in its list of deliveries."
            ),
        ),
        "zh": (
            "Webhook 已停用：{host}",
            (
                "{brand}：自 {since} 起 {host} 一直未能接收 Webhook，现已停止发送。请修复接收端并发送测试，"
                "然后重新启用该地址，并在发送记录中补发错过的事件。"
            ),
        ),
    }
    brand: str
    host: InWords
    since: datetime


@dataclass(frozen=True, slots=True)
class WebhookGone(Notice):
    """A program of the brand has answered that it is gone, and is sent no webhooks any more."""

    template = "webhook_gone"
    telling = Telling(Category.ORDER, Urgency.ACT, "team", _PROGRAMS, "webhook endpoint")
    texts = {
        "en": (
            "Webhooks have stopped: {host}",
            (
                "{brand}: {host} answered that it is gone for good, so we send it no webhooks any more. If that is "
                "right, delete the endpoint; if not, put the receiver right, enable the endpoint again and have what "
                "it missed sent once more, in its list of deliveries."
            ),
        ),
        "zh": (
            "Webhook 已停用：{host}",
            (
                "{brand}：{host} 表示该地址已永久失效，现已停止发送。如确已弃用，请删除该地址；"
                "否则请修复接收端、重新启用该地址，并在发送记录中补发错过的事件。"
            ),
        ),
    }
    brand: str
    host: InWords


@dataclass(frozen=True, slots=True)
class WorkStuck(Notice):
    """Something of the brand could not be carried out in spite of several tries, and waits for our people."""

    template = "work_stuck"
    telling = Telling(Category.ORDER, Urgency.KNOW, "team", frozenset({"owner"}))
    texts = {
        "en": (
            "Something waits for us: {what}",
            (
                "{brand}: {what} could not be carried out, and waits since {since}. Nothing is lost; our people have "
                "been called, and carry it out as soon as they can. Until then what you see of it may be behind; do "
                "not do it a second time."
            ),
        ),
        "zh": (
            "有事项待我们处理：{what}",
            (
                "{brand}：自 {since} 起有事项未能完成：{what}。数据不会丢失，我们的技术人员已收到告警，会尽快处理。"
                "在此之前相关信息可能未更新，请勿重复操作。"
            ),
        ),
    }
    brand: str
    what: InWords
    since: datetime
