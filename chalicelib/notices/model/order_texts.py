"""What messages about orders, and their money, say: subject and text, by template and language. Pure."""

from collections.abc import Mapping

OF_ORDERS: Mapping[str, Mapping[str, tuple[str, str]]] = {
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
    "order_uncollected": {
        "en": (
            "Your order has ended",
            "{brand}: your order of “{title}” was not collected in time and has ended. You have nothing to pay.",
        ),
        "zh": ("订单已结束", "{brand}：您在“{title}”的订单未按时取货，订单已结束，无需付款。"),
    },
    "order_not_coming": {
        "en": (
            "Your order does not come",
            "{brand}: nothing of your order of “{title}” can be handed over, and you have nothing to pay. {note}",
        ),
        "zh": ("订单全部缺货", "{brand}：您在“{title}”的订单全部无法交付，订单已取消，无需付款。{note}"),
    },
    "order_lessened": {
        "en": (
            "Part of your order does not come",
            "{brand}: not all of your order of “{title}” can be handed over. You get {items} and pay {due}. {note}",
        ),
        "zh": ("订单部分缺货", "{brand}：您在“{title}”的订单无法全部交付，现有：{items}；待付 {due}。{note}"),
    },
    "campaign_missed": {
        "en": (
            "“{title}” does not take place",
            "{brand}: too little was ordered of “{title}”, so it does not take place. You have nothing to pay.",
        ),
        "zh": ("“{title}”未成团", "{brand}：“{title}”未达到成团目标，您的订单已取消，无需付款。"),
    },
    "campaign_cancelled": {
        "en": (
            "“{title}” does not take place",
            "{brand}: “{title}” is cancelled, and your order with it. You have nothing to pay.",
        ),
        "zh": ("“{title}”已取消", "{brand}：“{title}”已由商家取消，您的订单一并取消，无需付款。"),
    },
    "refund_missed": {
        "en": (
            "“{title}” does not take place",
            "{brand}: too little was ordered of “{title}”, so it does not take place. Your {amount} comes back.",
        ),
        "zh": ("“{title}”未成团", "{brand}：“{title}”未达到成团目标，您支付的 {amount} 将退还。"),
    },
    "refund_campaign": {
        "en": ("“{title}” does not take place", "{brand}: “{title}” is cancelled. Your {amount} comes back."),
        "zh": ("“{title}”已取消", "{brand}：“{title}”已由商家取消，您支付的 {amount} 将退还。"),
    },
    "refund_uncollected": {
        "en": (
            "Your order has ended",
            "{brand}: your order of “{title}” was not collected in time. {amount} comes back.",
        ),
        "zh": ("订单已结束", "{brand}：您在“{title}”的订单未按时取货，将退还 {amount}。"),
    },
    "refund_left_behind": {
        "en": (
            "Part of your order has ended",
            "{brand}: part of your order of “{title}” was not collected in time. {amount} of it comes back.",
        ),
        "zh": ("部分商品未取货", "{brand}：您在“{title}”的订单有部分商品未按时取货，将退还 {amount}。"),
    },
    "refund_unpaid": {
        "en": (
            "Your order has ended",
            "{brand}: your order of “{title}” was not paid in full in time. {amount} comes back.",
        ),
        "zh": ("订单已结束", "{brand}：您在“{title}”的订单未按时付清，将退还 {amount}。"),
    },
    "refund_all_short": {
        "en": (
            "Your order does not come",
            "{brand}: nothing of your order of “{title}” can be handed over. {amount} comes back. {note}",
        ),
        "zh": ("订单全部缺货", "{brand}：您在“{title}”的订单全部无法交付，将退还 {amount}。{note}"),
    },
    "forfeited_uncollected": {
        "en": (
            "Your order is forfeited",
            "{brand}: your order of “{title}” was not collected in time. Its money stays with us, by its rules.",
        ),
        "zh": ("订单已失效", "{brand}：您在“{title}”的订单未按时取货，按活动规则已付款项不予退还。"),
    },
    "forfeited_unpaid": {
        "en": (
            "Your order is forfeited",
            "{brand}: your order of “{title}” was not paid in full in time. Its money stays with us, by its rules.",
        ),
        "zh": ("订单已失效", "{brand}：您在“{title}”的订单未按时付清，按活动规则已付款项不予退还。"),
    },
}
