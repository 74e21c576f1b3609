"""Journeys to begin with: each a draft with words in both languages, which a brand makes its own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.coupons.model.terms import Purpose
from chalicelib.journeys.model.journeys import Definition, Goal
from chalicelib.journeys.model.steps import Condition, Coupon, Message, Step, Trigger, Wait
from chalicelib.members.model.classes import USUAL
from chalicelib.notices.recipients.model import Cap
from chalicelib.notices.templates.model.wording import Words

ReadyMade = Literal["welcome", "first_order", "care", "wake_up", "win_back", "birthday"]

CAP = Cap(2, 7)
"""So often journeys tell one person something, unless the brand says otherwise."""


@dataclass(frozen=True, slots=True)
class Gift:
    """Coupons that a journey begins with: what for, per cent off, and for how many days they are good."""

    purpose: Purpose
    title: Mapping[str, str]
    percent_bps: int
    days: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """A journey by what it does: ``before`` and ``after`` the coupon, where it gives one."""

    title: Mapping[str, str]
    trigger: Trigger
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    gift: Gift | None = None
    control_bps: int = 0
    again_after_days: int | None = None
    exit_on_purchase: bool = True
    goal_days: int = 14

    def definition(
        self, batch_id: str | None, control_bps: int | None = None, quiet_days: int | None = None
    ) -> Definition:
        """Its draft; with coupons of a batch where it gives some, and after so many quiet days where it begins so."""
        gives: tuple[Step, ...] = (Coupon(batch_id),) if batch_id else ()
        trigger = replace(self.trigger, days=quiet_days) if quiet_days and self.trigger.days else self.trigger
        return Definition(
            trigger, (*self.before, *gives, *self.after), None, CAP,
            self.control_bps if control_bps is None else control_bps, self.again_after_days, self.exit_on_purchase,
            Goal(self.goal_days),
        )  # fmt: skip


def _says(zh_subject: str, zh: str, en_subject: str, en: str) -> Message:
    return Message({"zh": Words(zh_subject, zh), "en": Words(en_subject, en)})


_WELCOME = _says(
    "欢迎加入{brand}",
    "{name}，您好！很高兴您加入我们的团购。每次开团我们都会通知您，下单后到自提点取货即可。先来看看正"
    "在团什么：{shop}",
    "Welcome to {brand}",
    "Hello {name}, it is good to have you with us. We tell you when a group buy opens; you order, "
    "and collect at your pickup point. See what is on now: {shop}",
)  # fmt: skip
_HOW_IT_WORKS = _says(
    "第一次团购怎么下单？",
    "{name}，第一次团购很简单：选商品、选自提点、下单，开团结束后到点取货。有问题随时问我们：{shop}",
    "How a group buy works",
    "{name}, it is simple: choose what you like, choose your pickup point, order; after the close "
    "you collect it there. Ask us whenever you like: {shop}",
)  # fmt: skip
_FIRST_ORDER = _says(
    "送您一张首单优惠券",
    "{name}，您还没有在{brand}下过单。我们放了一张首单优惠券到您的账户，下单时会自动抵扣：{shop}",
    "A coupon for your first order",
    "{name}, you have not ordered from {brand} yet. There is a coupon for your first order among "
    "yours; it is taken off at the checkout: {shop}",
)  # fmt: skip
_CARE = _says(
    "这次的商品还满意吗？",
    "{name}，感谢您来取货。商品新鲜吗？有任何不满意，请在订单里点“申请售后”，我们会尽快处理：{shop}",
    "How was it?",
    "{name}, thank you for collecting your order. Was everything fresh? If anything was not right, "
    "open your order and tell us there, and we see to it: {shop}",
)  # fmt: skip
_WAKE_UP = _says(
    "好久不见，看看新团",
    "{name}，好久不见！最近上了不少新品，邻居们都在团。来看看有没有您喜欢的：{shop}",
    "It has been a while",
    "{name}, it has been a while. There is much that is new, and your neighbours are ordering. See "
    "whether there is something for you: {shop}",
)  # fmt: skip
_THIS_WEEK = _says(
    "本周的团购别错过",
    "{name}，本周的团购即将截单，您常买的商品也在其中：{shop}",
    "This week's group buy",
    "{name}, this week's group buy closes soon. Have a look before it does: {shop}",
)  # fmt: skip
_WIN_BACK = _says(
    "我们想念您，送您一张优惠券",
    "{name}，您有一阵子没来了。我们放了一张优惠券到您的账户，下次下单自动抵扣：{shop}",
    "We have missed you",
    "{name}, we have not seen you for a while. There is a coupon among yours; it is taken off your "
    "next order: {shop}",
)  # fmt: skip
_COUPON_WAITS = _says(
    "您的优惠券快到期了",
    "{name}，您的优惠券还没有使用，快来看看本周的团购：{shop}",
    "Your coupon is waiting",
    "{name}, your coupon is still there. See what is on this week before it ends: {shop}",
)  # fmt: skip
_BIRTHDAY = _says(
    "生日快乐！",
    "{name}，生日快乐！{brand}送您一张生日优惠券，已放入您的账户：{shop}",
    "Happy birthday",
    "Happy birthday, {name}! {brand} has a coupon for you; it is among yours: {shop}",
)  # fmt: skip
_IN_THE_MORNING = Wait(at="10:00")

RECIPES: Mapping[ReadyMade, Recipe] = {
    "welcome": Recipe(
        {"en": "Welcome new members", "zh": "欢迎新邻居"}, Trigger("joined"),
        (
            Wait(hours=1),
            _WELCOME,
            Wait(days=3, at="10:00"), Condition("has_ordered", wanted=False),
            _HOW_IT_WORKS,
        ), (),
    ),
    "first_order": Recipe(
        {"en": "First order", "zh": "首单礼"}, Trigger("joined"),
        (Wait(days=7, at="10:00"), Condition("ever_ordered", wanted=False)),
        (
            _FIRST_ORDER,
        ),
        Gift("new_member", {"en": "Your first order", "zh": "首单优惠"}, 1_000, 14),
    ),
    "care": Recipe(
        {"en": "Care after pickup", "zh": "取货后关怀"}, Trigger("order_collected"),
        (
            Wait(days=1, at="18:00"),
            _CARE,
        ), (),
        again_after_days=30, exit_on_purchase=False, goal_days=30,
    ),
    "wake_up": Recipe(
        {"en": "Wake up", "zh": "唤醒沉睡会员"}, Trigger("class", member_class="dormant"),
        (
            _IN_THE_MORNING,
            _WAKE_UP,
            Wait(days=7, at="10:00"), Condition("has_ordered", wanted=False),
            _THIS_WEEK,
        ), (),
        again_after_days=90,
    ),
    "win_back": Recipe(
        {"en": "Win back", "zh": "挽回流失会员"}, Trigger("quiet", days=USUAL.churned_days),
        (_IN_THE_MORNING,),
        (
            _WIN_BACK,
            Wait(days=7, at="10:00"), Condition("has_ordered", wanted=False),
            _COUPON_WAITS,
        ),
        Gift("win_back", {"en": "Welcome back", "zh": "回归礼"}, 1_000, 14), control_bps=2_000, again_after_days=180,
    ),
    "birthday": Recipe(
        {"en": "Birthday", "zh": "生日祝福"}, Trigger("birthday"), (Wait(at="09:00"),),
        (
            _BIRTHDAY,
        ),
        Gift("loyal", {"en": "Birthday", "zh": "生日礼"}, 1_000, 30), again_after_days=300, exit_on_purchase=False,
    ),
}  # fmt: skip
"""Each by its name."""
