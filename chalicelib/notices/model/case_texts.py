"""What messages about complaints and after-sale cases say: subject and text, by template and language. Pure."""

from collections.abc import Mapping

OF_CASES: Mapping[str, Mapping[str, tuple[str, str]]] = {
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
    "complaint_unanswered": {
        "en": (
            "Unanswered complaint {priority}: {category}",
            (
                "Nobody answered the complaint “{text}”, which was due to be answered by {first_response_due_at}. "
                "It is yours now; solve it by {resolution_due_at}."
            ),
        ),
        "zh": (
            "投诉未响应 {priority}：{category}",
            "投诉“{text}”未在 {first_response_due_at} 前得到响应，现由您负责，请在 {resolution_due_at} 前处理完毕。",
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
        "en": ("Your complaint has been answered", "{brand}: your complaint has been answered: {outcome}"),
        "zh": ("您的投诉已有处理结果", "{brand}：您的投诉已有处理结果：{outcome}"),
    },
    "repair_ready": {
        "en": ("Your repair is done", "{brand}: {goods} is repaired and ready for you at {point}, {address}."),
        "zh": ("维修已完成", "{brand}：{goods} 已维修完成，请到 {point}（{address}）领取。"),
    },
}
