"""What a message to a person says, by template and language. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.kernel.language import nearest


class UnknownTemplate(LookupError):
    """A domain asked for a template that does not exist, or left out one of its parameters: a defect, not bad input."""


class BadAddress(ValueError):
    """The provider will never deliver to this address; trying again is of no use."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to send; SMS uses the text alone."""

    subject: str
    text: str


TEMPLATES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "sign_in_code": {
        "en": (
            "Your sign-in code: {code}",
            "{code} is your sign-in code, valid once and for {minutes} minutes. We never ask you for it.",
        ),
        "zh": ("登录验证码：{code}", "您的登录验证码是 {code}，{minutes} 分钟内有效，仅可使用一次。我们不会向您索要。"),
    },
    "identity_code": {
        "en": (
            "Your code: {code}",
            (
                "{brand}: {code} confirms {shown} as what you sign in with, valid once and for {minutes} minutes. If "
                "you did not ask for it, ignore it and give it to nobody."
            ),
        ),
        "zh": (
            "验证码：{code}",
            (
                "{brand}：{code} 是将 {shown} 设为登录方式的验证码，{minutes} 分钟内有效，仅可使用一次。如非本人操作，"
                "请忽略，且勿告知他人。"
            ),
        ),
    },
    "identity_changed": {
        "en": (
            "How you sign in has changed",
            (
                "{brand}: you sign in with {shown} from now on; what it replaces no longer works. If this was not you, "
                "tell the store at once."
            ),
        ),
        "zh": (
            "您的登录方式已更改",
            "{brand}：您现在使用 {shown} 登录，被替换的登录方式已失效。如非本人操作，请立即联系商家。",
        ),
    },
    "survey_invitation": {
        "en": ("{title}", "Thank you for collecting your order from {brand}. How was it? {url} (until {expires_on})"),
        "zh": ("{title}", "感谢您在{brand}取货，请告诉我们您的感受：{url}（{expires_on} 前有效）"),
    },
    "complaint_opened": {
        "en": (
            "Complaint {priority}: {category}",
            "A complaint is yours: “{text}” Answer by {first_response_due_at}, solve by {resolution_due_at}.",
        ),
        "zh": (
            "投诉 {priority}：{category}",
            "投诉“{text}”已分配给您。首次响应截止 {first_response_due_at}，处理截止 {resolution_due_at}。",
        ),
    },
    "complaint_escalated": {
        "en": (
            "Overdue complaint {priority}: {category}",
            "The complaint “{text}” passed its due time {resolution_due_at} and is now yours.",
        ),
        "zh": (
            "投诉超时 {priority}：{category}",
            "投诉“{text}”已超过处理截止时间 {resolution_due_at}，现由您负责。",
        ),
    },
    "team_filled": {
        "en": ("Your team is complete", "{brand}: your team for “{title}” is complete, and your order stands."),
        "zh": ("拼团成功", "{brand}：您参加的“{title}”拼团已成功，订单已确认。"),
    },
    "team_failed": {
        "en": (
            "Your team did not fill",
            "{brand}: your team for “{title}” did not fill in time. Your order is cancelled; what you paid comes back.",
        ),
        "zh": ("拼团未成功", "{brand}：您参加的“{title}”拼团未能在规定时间内成团，订单已取消，已付款项将原路退回。"),
    },
    "order_ready": {
        "en": (
            "Your order is ready",
            "{brand}: your order of “{title}” is ready at {point}, {address}. Your pickup code: {code}",
        ),
        "zh": ("您的订单可以取货了", "{brand}：您在“{title}”的订单已到 {point}（{address}），取货码 {code}。"),
    },
    "order_placed_for_member": {
        "en": (
            "We placed your order",
            (
                "{brand}: as you asked, we placed your order of “{title}”: {items}. {total}, paid when you get it, at "
                "{where}. Your pickup code: {code}. Sign in to our store to see or change it."
            ),
        ),
        "zh": (
            "已为您下单",
            (
                "{brand}：已按您的要求下单“{title}”：{items}。共 {total}，取货时支付，地点：{where}。取货码 {code}。"
                "登录店铺即可查看或修改订单。"
            ),
        ),
    },
    "order_changed_for_member": {
        "en": (
            "We changed your order",
            (
                "{brand}: as you asked, we changed your order of “{title}”: {items}. {total} in all, at {where}. "
                "Your pickup code: {code}"
            ),
        ),
        "zh": (
            "已为您修改订单",
            "{brand}：已按您的要求修改“{title}”的订单：{items}。共 {total}，地点：{where}。取货码 {code}。",
        ),
    },
    "order_change_waits": {
        "en": (
            "Your order changes when you pay the difference",
            (
                "{brand}, “{title}”: please pay {amount} for the change that you asked for until {until}; "
                "without it your order stays as it was."
            ),
        ),
        "zh": (
            "请支付订单差价",
            "{brand}：请在 {until} 前为您“{title}”的订单修改支付差价 {amount}，逾期未付则订单保持不变。",
        ),
    },
    "order_cancelled_for_member": {
        "en": (
            "We cancelled your order",
            "{brand}: as you asked, we cancelled your order of “{title}”. Whatever you paid comes back.",
        ),
        "zh": ("已为您取消订单", "{brand}：已按您的要求取消“{title}”的订单，已付款项将退还。"),
    },
    "order_moved": {
        "en": (
            "Your order is at another place",
            "{brand}: your order of “{title}” is handed over at {where} now. {note} Your pickup code stays {code}.",
        ),
        "zh": (
            "您的订单交付地点有变",
            "{brand}：您在“{title}”的订单交付地点改为：{where}。{note}取货码不变：{code}。",
        ),
    },
    "order_substituted": {
        "en": (
            "Something else comes in your order",
            "{brand}: not all that you ordered in “{title}” came. At the same price you get instead: {instead}.",
        ),
        "zh": (
            "您的订单有替代商品",
            "{brand}：您在“{title}”订购的部分商品未到货，将以相同价格为您提供：{instead}。",
        ),
    },
    "balance_due": {
        "en": (
            "The balance of your order is due",
            "{brand}, “{title}”: please pay the balance of {amount} for your order until {until}.",
        ),
        "zh": ("请支付尾款", "{brand}：请在 {until} 前支付您“{title}”订单的尾款 {amount}。"),
    },
    "refund_ladder": {
        "en": (
            "You get money back",
            "{brand}: the final price of “{title}” is lower. {amount} comes back to you.",
        ),
        "zh": ("差价退款", "{brand}：“{title}”的最终价格更低，您的订单将退还 {amount}。"),
    },
    "refund_short": {
        "en": (
            "Part of your order does not come",
            "{brand}: not all of your order of “{title}” can be handed over. {amount} of it comes back. {note}",
        ),
        "zh": ("订单部分缺货", "{brand}：您在“{title}”的订单无法全部交付，将退还 {amount}。{note}"),
    },
    "refund_delivery": {
        "en": (
            "The delivery is paid back",
            "{brand}: your order of “{title}” is collected instead of delivered. {amount} comes back to you.",
        ),
        "zh": ("退还配送费", "{brand}：您在“{title}”的订单改为自提，将退还配送费 {amount}。"),
    },
    "refund_campaign": {
        "en": ("“{title}” does not take place", "{brand}: “{title}” does not take place. Your {amount} comes back."),
        "zh": ("“{title}”未成团", "{brand}：“{title}”未能成团，您支付的 {amount} 将退还。"),
    },
    "refund_ended": {
        "en": (
            "Your order has ended",
            "{brand}: your order of “{title}” was not collected or not paid in full in time. {amount} comes back.",
        ),
        "zh": ("订单已结束", "{brand}：您在“{title}”的订单未按时取货或付清，将退还 {amount}。"),
    },
    "refund_goodwill": {
        "en": ("You get money back", "{brand}: {amount} of your order of “{title}” comes back to you. {note}"),
        "zh": ("您有一笔退款", "{brand}：您在“{title}”的订单将退还 {amount}。{note}"),
    },
    "refund_goodwill_in_cash": {
        "en": (
            "You get money back",
            "{brand}: {amount} of your order of “{title}” waits for you in cash at your pickup point. {note}",
        ),
        "zh": ("您有一笔退款", "{brand}：您在“{title}”的订单将退还 {amount}，请到自提点领取现金。{note}"),
    },
    "payment_too_late": {
        "en": (
            "Your payment came too late",
            "{brand}: your {amount} for “{title}” came after your order had ended; all of it is sent back to you.",
        ),
        "zh": (
            "您的付款未及时到账",
            "{brand}：您为“{title}”支付的 {amount} 到账时订单已结束，将全额原路退回，您无需操作。",
        ),
    },
    "payment_twice": {
        "en": (
            "Your order was paid already",
            "{brand}: your {amount} for “{title}” came twice, or for what has changed since; it is sent back to you.",
        ),
        "zh": (
            "重复付款已退回",
            "{brand}：您为“{title}”重复支付或变更前支付的 {amount} 将全额原路退回，您无需操作。",
        ),
    },
    "refund_by_brand": {
        "en": ("You get money back", "{brand} has given {amount} of your order of “{title}” back to you."),
        "zh": ("退款通知", "{brand} 已退还您“{title}”订单的 {amount}。"),
    },
    "payment_disputed": {
        "en": (
            "A payment is disputed",
            "{brand}, “{title}”: a payer disputes {amount} at {provider}. Answer it there in time; refunds wait.",
        ),
        "zh": (
            "有付款被提出争议",
            "{brand}：“{title}”有一笔 {amount} 的付款在 {provider} 被提出争议，请及时前往答复，期间不再退款。",
        ),
    },
    "dispute_lost": {
        "en": ("A dispute is lost", "{brand}, “{title}”: {provider} has given the payer {amount}. See the order."),
        "zh": ("争议未获支持", "{brand}：“{title}”的付款争议已判付款人胜诉，{provider} 已退还 {amount}，请查看订单。"),
    },
    "dispute_won": {
        "en": ("A dispute is won", "{brand}, “{title}”: the dispute about {amount} at {provider} is decided for you."),
        "zh": ("争议已胜诉", "{brand}：“{title}”在 {provider} 的 {amount} 付款争议已判商家胜诉。"),
    },
    "refunded_elsewhere": {
        "en": (
            "Money was given back at {provider}",
            "{brand}, “{title}”: {amount} was given back at {provider} itself. See whether the order still stands.",
        ),
        "zh": (
            "{provider} 有退款",
            "{brand}：“{title}”的订单在 {provider} 直接退款 {amount}，请确认订单是否仍有效。",
        ),
    },
    "order_forfeited": {
        "en": (
            "Your order is forfeited",
            "{brand}: your order of “{title}” was not collected or not paid in full in time. Its money stays with us.",
        ),
        "zh": ("订单已失效", "{brand}：您在“{title}”的订单未按时取货或付清，按活动规则已付款项不予退还。"),
    },
    "aftersale_opened": {
        "en": ("After-sale: {kind}", "A member asks for {kind}: {goods}. It is yours; decide by {act_by}."),
        "zh": ("售后申请：{kind}", "会员申请{kind}：{goods}。已分配给您，请在 {act_by} 前处理。"),
    },
    "aftersale_escalated": {
        "en": ("Overdue after-sale: {kind}", "A request for {kind} ({goods}) passed its due time and is now yours."),
        "zh": ("售后超时：{kind}", "{kind}申请（{goods}）已超过处理时限，现由您负责。"),
    },
    "aftersale_approved": {
        "en": (
            "Your after-sale request is approved",
            "{brand}: your request is approved. Please bring {goods} to {point}, {address}. {note}",
        ),
        "zh": ("您的售后申请已通过", "{brand}：您的售后申请已通过，请将 {goods} 带到 {point}（{address}）。{note}"),
    },
    "aftersale_kept": {
        "en": (
            "Your after-sale request is approved",
            "{brand}: your request is approved, and you need not send {goods} back. {note}",
        ),
        "zh": ("您的售后申请已通过", "{brand}：您的售后申请已通过，{goods} 无需寄回。{note}"),
    },
    "aftersale_refunded": {
        "en": ("You get money back", "{brand}: {amount} of your order comes back to you. {note}"),
        "zh": ("售后退款", "{brand}：您的订单将退还 {amount}。{note}"),
    },
    "return_approved": {
        "en": (
            "Your return is approved",
            "{brand}: please bring {goods} to {point}, {address}, or send it; {amount} comes back on arrival. {note}",
        ),
        "zh": (
            "您的退货申请已通过",
            "{brand}：退货申请已通过。请将 {goods} 带到 {point}（{address}）或寄回，收到后退还 {amount}。{note}",
        ),
    },
    "return_paid": {
        "en": (
            "Your return is approved",
            "{brand}: {amount} is on its way back to you. Please bring {goods} to {point}, {address}. {note}",
        ),
        "zh": (
            "您的退货申请已通过",
            "{brand}：您的退货申请已通过，{amount} 正在退还。请将 {goods} 带到 {point}（{address}）或寄回。{note}",
        ),
    },
    "return_kept": {
        "en": (
            "Your return is approved",
            "{brand}: {amount} is on its way back to you, and you need not send {goods} back. {note}",
        ),
        "zh": ("您的退货申请已通过", "{brand}：您的退货申请已通过，{amount} 正在退还，{goods} 无需寄回。{note}"),
    },
    "return_arrived": {
        "en": ("What you sent back has arrived", "{brand}: {goods} has arrived; {amount} is on its way back to you."),
        "zh": ("已收到您退回的商品", "{brand}：已收到 {goods}，{amount} 正在退还。"),
    },
    "return_arrived_in_part": {
        "en": (
            "A part of what you send back has arrived",
            "{brand}: {goods} has arrived; {amount} is on its way back to you. Still to come: {rest}.",
        ),
        "zh": ("已收到部分退回商品", "{brand}：已收到 {goods}，{amount} 正在退还；尚待收到：{rest}。"),
    },
    "return_closed": {
        "en": (
            "Your return is closed",
            "{brand}: {rest} did not arrive, so no money comes back for it. You may ask again while it is in time.",
        ),
        "zh": (
            "您的退货已完结",
            "{brand}：您的退货已完结。未收到 {rest}，该部分不予退款；退货期限内可再次申请。",
        ),
    },
    "aftersale_rejected": {
        "en": ("Your after-sale request is declined", "{brand}: your request is declined. {note}"),
        "zh": ("您的售后申请未通过", "{brand}：您的售后申请未通过。{note}"),
    },
    "complaint_resolved": {
        "en": ("Your complaint has been answered", "{brand}: {outcome}"),
        "zh": ("您的投诉已有处理结果", "{brand}：{outcome}"),
    },
}


def render(template: str, locale: str, params: Mapping[str, object]) -> Letter:
    """The subject and text in the language of ours that is nearest to the person's (a BCP 47 tag).

    Raises UnknownTemplate for a template or parameter that is missing.
    """
    try:
        texts = TEMPLATES[template]
        subject, text = texts[nearest(locale)]
        return Letter(one_line(subject.format_map(params)), text.format_map(params))
    except KeyError as missing:
        raise UnknownTemplate(f"template {template!r}: {missing} is missing") from missing


def one_line(text: str) -> str:
    """A subject holds no line break: a brand's or survey's title cannot add a header to an e-mail."""
    return " ".join(text.split())[:200]
