"""What the facts of notices mean, for those who write a brand's own words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.notices.model.facts import InWords


@dataclass(frozen=True, slots=True)
class Meaning:
    """A fact's meaning, an example where its type alone gives none, whether it may be empty, and whether a message
    without it is of no use. ``{amount}`` in an example stands for some of the brand's money.
    """

    en: str
    zh: str
    example: InWords | None = None
    may_be_empty: bool = False
    needed: bool = False


def _means(
    en: str, zh: str, example: str = "", example_zh: str = "", *, may_be_empty: bool = False, needed: bool = False
) -> Meaning:  # fmt: skip
    return Meaning(en, zh, InWords(example, example_zh or example) if example else None, may_be_empty, needed)


def _sentence(en: str, zh: str, example: str, example_zh: str, *, may_be_empty: bool = False) -> Meaning:
    return _means(f"a sentence: {en}", f"一句话：{zh}", example, example_zh, may_be_empty=may_be_empty)


GLOSSARY: Mapping[str, Meaning] = {
    "act": _means("what is to be done with it", "需要完成的处理", "decided", "处理"),
    "act_by": _means("until when it is to be decided", "处理截止时间", "2026-11-30 18:00"),
    "address": _means("the address of the pickup point", "自提点地址", "12 Garden Road", "花园路 12 号"),
    "amount": _means("how much money it is", "金额"),
    "award": _means("the award's name", "奖项名称", "Shopper of the month", "月度购物达人"),
    "below": _means("by how much it is less, in per cent", "低多少（百分比）", "12.5 %", "12.5%"),
    "besides": _sentence(
        "points that come back, and what is taken off for a gift; may be empty", "退回的积分与赠品扣除，可能为空",
        "45 points come back to you.", "退回 45 积分。", may_be_empty=True,
    ),
    "brand": _means("your brand's name", "品牌名称"),
    "category": _means("what the complaint is about", "投诉类别", "the quality of the goods", "商品质量"),
    "code": _means("the pickup code", "取货码", "4831 0272"),
    "competitor": _means("the competitor's name", "竞争对手名称", "Fresh Mart", "鲜市"),
    "coupon": _means("the coupon's name", "优惠券名称", "Welcome", "新人券"),
    "day": _means("the day of the campaign", "活动日期"),
    "days": _means(
        "the day of the campaign, or from which to which", "活动日期或日期范围", "Mon 30 Nov 2026",
        "2026年11月30日（周一）",
    ),
    "due_at": _means("until when it is to be done", "截止时间", "2026-11-30 18:00"),
    "due": _means("what is left to be paid", "待付金额"),
    "expires_on": _means("the last day on which the link is open", "链接有效的最后一天", "2026-12-06"),
    "first_response_due_at": _means("until when it is to be answered", "首次响应截止时间", "2026-11-30 12:00"),
    "floor": _means("the lowest price that your margin floor allows", "最低限价"),
    "former": _means("the tier that they had before", "此前的等级", "Gold", "金卡"),
    "from_on": _means("the first day that it is for", "起始日期"),
    "goods": _means("the goods that it is about", "相关商品"),
    "ours": _means("your own price", "我方售价"),
    "price_below_floor.goods": _means("the product whose price it is", "相关商品", "Pears, 5 kg", "梨 5 公斤"),
    "price_above_floor.goods": _means("the product whose price it is", "相关商品", "Pears, 5 kg", "梨 5 公斤"),
    "competitor_no_cheaper.goods": _means("the product whose price it is", "相关商品", "Pears, 5 kg", "梨 5 公斤"),
    "competitor_is_cheaper.goods": _means("the product whose price it is", "相关商品", "Pears, 5 kg", "梨 5 公斤"),
    "review_replied.goods": _means("the goods that it is about", "相关商品", "Pears, 5 kg", "梨 5 公斤"),
    "review_hidden.goods": _means("the goods that it is about", "相关商品", "Pears, 5 kg", "梨 5 公斤"),
    "review_shown_again.goods": _means("the goods that it is about", "相关商品", "Pears, 5 kg", "梨 5 公斤"),
    "review_hidden.reason": _means("why it is not shown", "不展示的原因", "It has a phone number.", "含有电话号码。"),
    "review_replied.text": _means("what your team answered", "团队的回复", "Thank you!", "谢谢您！"),
    "suggestion_adopted.plan": _means("what will be done", "落实方案", "Paper bags from June.", "六月起改用纸袋。"),
    "suggestion_adopted.done_by": _means("until which day it is to be done", "完成日期", "2026-12-31"),
    "suggestion_done.plan": _means("what was done", "落实情况", "All bags are paper.", "已全部改用纸袋。"),
    "suggestion_declined.reason": _means("why it is not done", "不采纳的原因", "Paper tears.", "纸袋易破。"),
    "handover": _sentence(
        "where it is collected, and when it is expected there; or where it is brought",
        "自提点与预计到货日期，或送货地址", "You collect it at Corner shop, 12 Garden Road.",
        "自提点：街角便利店，花园路 12 号。",
    ),
    "host": _means(
        "where the webhooks go, and what you call it", "通知接收地址及其备注", "Our ERP (hooks.example.com)",
        "我们的 ERP（hooks.example.com）",
    ),
    "hours": _sentence(
        "when the pickup point is open; may be empty", "自提点营业时间，可能为空", "Open: 9:00–21:00.",
        "营业时间：9:00–21:00。", may_be_empty=True,
    ),
    "instead": _means("what comes instead", "替代商品"),
    "items": _means("what is in the order", "订单商品"),
    "keys": _means("the API keys", "API 密钥", "Till, Website", "收银台，官网"),
    "kind": _means("what is asked for", "申请类型", "a return", "退货"),
    "minutes": _means("for how many minutes the code is valid", "验证码有效分钟数", "10"),
    "money": _sentence(
        "what comes back, and how; may be empty", "退款金额与方式，可能为空", "{amount} comes back the way you paid.",
        "{amount} 将原路退回给您。", may_be_empty=True,
    ),
    "note": _means(
        "words of your team; may be empty", "团队留言，可能为空", "Sorry for the trouble.", "给您添麻烦了。",
        may_be_empty=True,
    ),
    "offer": _means("the offer that is waited for", "候补的商品", "Pears, 5 kg", "梨 5 公斤"),
    "orders": _means("how many orders it concerns", "涉及的订单数", "3 orders", "3 个订单"),
    "otherwise": _sentence(
        "what happens after that time", "逾期后果", "After that your order ends.", "逾期订单将结束。"
    ),
    "outcome": _means("what came of the complaint", "处理结果", "We send you new ones.", "我们将为您补发。"),
    "payment": _sentence(
        "what is paid, and what is still to be paid; may be empty", "已付与待付金额，可能为空", "It is paid in full.",
        "订单已付清。", may_be_empty=True,
    ),
    "award_won.period": _means("for which week or month it was won", "获奖周期", "2026-11"),
    "person": _means("whom it is about, by name", "相关人员的姓名", "Mo", "小莫"),
    "point": _means("the pickup point", "自提点", "Corner shop", "街角便利店"),
    "points": _means("the reader's pickup points", "读者负责的自提点", "Corner shop, Gate 3", "街角便利店，3 号门"),
    "priority": _means("how urgent and important it is", "优先级", "high priority", "高优先级"),
    "products": _means("what the reader asked to hear of", "读者订阅的商品", "Pears and eggs", "秋梨、鸡蛋"),
    "provider": _means("the payment provider", "支付服务商", "Stripe"),
    "rank": _means("which place they had on the leaderboard", "排行榜名次", "1"),
    "reached": _means("how far the orders came", "达成情况", "38 of 50 units", "38 件，目标 50 件"),
    "resolution_due_at": _means("until when it is to be solved", "处理截止时间", "2026-12-01 18:00"),
    "rest": _means("what has not come", "未收到的商品"),
    "reward": _means("what the award brings", "获奖奖励", "500 points are yours", "已获得 500 积分"),
    "roles": _means("the reader's roles", "读者的角色", "planner, service", "活动策划、客服"),
    "shown": _means("the e-mail or phone number, partly hidden", "邮箱或手机号（部分隐藏）", "a••@example.com"),
    "since": _means("since when", "起始时间"),
    "slug": _means("the store's name in links", "店铺链接标识", "linli-fresh"),
    "journey": _means("what your team calls the journey", "旅程名称", "Win back", "挽回流失会员"),
    "journey_message.subject": _means(
        "the subject that the step has", "该步骤的主题", "We have missed you", "我们想念您"
    ),
    "journey_message.text": _means(
        "the words that the step has, in the member's language", "该步骤的正文（按会员语言）",
        "Come and see what is new.", "来看看最近上新了什么。", needed=True,
    ),
    "journey_task.member": _means("whom it is for, by name", "会员姓名", "Mo", "小莫"),
    "journey_task.text": _means(
        "what the step asks your team to do", "该步骤提醒处理的事项", "Call them.", "请致电回访。"
    ),
    "text": _means("what the member said", "会员所述", "Two apples were bruised.", "有两个苹果碰伤了。"),
    "theirs": _means("the competitor's price", "竞争对手价格"),
    "then": _sentence(
        "what follows", "后续安排", "We tell you when the goods are here.", "商品到货后会再通知您。"
    ),
    "there": _means(
        "what there is at each of the reader's pickup points", "各自提点的情况", "Corner shop: 12 parcels",
        "街角便利店：12 份",
    ),
    "tier": _means("the name of the tier", "等级名称", "Gold", "金卡"),
    "title": _means("the campaign's title", "团购活动名称", "Autumn pears", "秋梨团购"),
    "to_do": _means(
        "what is wrong with the domain, and what to do", "域名的问题与处理办法",
        "it no longer leads to us; set the CNAME record again", "域名已不再指向我们，请重新设置 CNAME 记录",
    ),
    "to_on": _means("the last day that it is for", "截止日期"),
    "to_pay": _sentence(
        "what is paid at the handover; may be empty", "交付时应付金额，可能为空",
        "You pay {amount} when you collect it.", "取货时支付 {amount}。", may_be_empty=True,
    ),
    "total": _means("what the order costs in all", "订单总额"),
    "until": _means("until when", "截止时间", "2026-11-30 18:00"),
    "url": _means("the link", "链接", "https://example.com/a1b2c3", needed=True),
    "way": _means("how money comes back", "退款方式", "the way you paid", "原路退回给您"),
    "what": _means("what it is about", "相关内容", "refunds", "退款"),
    "when": _sentence(
        "when the goods are expected; may be empty", "预计送达时间，可能为空",
        "They are expected with you on Mon 30 Nov 2026.", "预计 2026年11月30日（周一）送达您处。", may_be_empty=True,
    ),
    "where": _means("where it is handed over", "交付地点", "Corner shop, 12 Garden Road", "街角便利店，花园路 12 号"),
    "why": _sentence(
        "why not", "原因", "“Pears” is not sold any more.", "“秋梨”已停售。"
    ),
    "worth": _means("what the coupon gives", "优惠内容", "{amount} off", "立减 {amount}"),
    # of one notice alone
    "report_ready.report": _means("what the report is called", "报表名称", "Sales and orders", "销售与订单"),
    "report_ready.period": _means(
        "of which days it is", "报表期间", "2026-11-01 to 2026-11-30", "2026-11-01 至 2026-11-30"
    ),
    "report_ready.figures": _sentence(
        "the main figures, each beside those before; may be empty", "主要数据及对比，可能为空",
        "Sales: {amount} (+12.5 % against 2026-10-01 to 2026-10-31)",
        "销售额：{amount}（较 2026-10-01 至 2026-10-31 +12.5%）", may_be_empty=True,
    ),
    "report_ready.final": _sentence(
        "whether they are complete", "数据是否完整", "The figures are complete.", "数据已完整。"
    ),
    "report_ready.file": _sentence(
        "what became of its file", "文件情况", "Its file is there for a week; sign in to open it.",
        "文件保留一周，登录后即可打开。",
    ),
    "points_expire.last_day": _means("until when the first of the points can be used", "最早一批积分的有效期"),
    "points_expire.points": _means("how many points expire soon", "即将到期的积分", "120", "120"),
    "identity_code.code": _means("the code", "验证码", "481302", needed=True),
    "leader_arrival_moved.day": _means("on which day the goods are expected", "预计到货日期"),
    "order_arrival_moved.day": _means("on which day it is expected", "预计到货日期"),
    "invoice_issued.email": _means("where the invoice is sent", "发票接收邮箱", "finance@example.com"),
    "invoice_issued.issued_on": _means("the day that the invoice bears", "开票日期"),
    "invoice_issued.number": _means("the invoice's number", "发票号码", "24952000000123456789", needed=True),
    "invoice_issued.title": _means("whom it is made out to", "发票抬头", "Linli Ltd", "邻里科技有限公司"),
    "invoice_voided.number": _means("the invoice's number", "发票号码", "24952000000123456789", needed=True),
    "application_declined.reason": _means("why it was declined", "未通过原因", "It is too far.", "距离太远。"),
    "personal_invitation.gift": _sentence(
        "which coupon comes with joining; may be empty", "加入所得优惠券，可能为空",
        "You get a coupon ({amount} off) when you join.", "加入即可获得优惠券（立减 {amount}）。", may_be_empty=True,
    ),
    "personal_invitation.until": _means("the last day to join by it", "邀请有效期的最后一天"),
    "personal_invitation.stop_url": _means(
        "the link by which they want no more", "谢绝邀请的链接", "https://example.com/no/a1b2c3", needed=True
    ),
    "invitation_reminder.gift": _sentence(
        "which coupon comes with joining; may be empty", "加入所得优惠券，可能为空",
        "You get a coupon ({amount} off) when you join.", "加入即可获得优惠券（立减 {amount}）。", may_be_empty=True,
    ),
    "invitation_reminder.until": _means("the last day to join by it", "邀请有效期的最后一天"),
    "invitation_reminder.stop_url": _means(
        "the link by which they want no more", "谢绝邀请的链接", "https://example.com/no/a1b2c3", needed=True
    ),
    "complaint_remedy_failed.remedy": _means("what was to make it good", "补偿方式", "exchange", "换货"),
    "complaint_remedy_failed.reason": _sentence(
        "why it came to nothing", "未能完成的原因", "At most 0 can be claimed.", "最多可申请 0 件。"
    ),
    "invoice_voided.reason": _means("why it counts no more", "作废原因", "Refunded in part.", "部分退款。"),
    "news.subject": _means("the headline of the news", "资讯标题", "Pears are back", "秋梨回来了"),
    "news.text": _means("the news", "资讯正文", "Order until Sunday.", "周日前均可下单。", needed=True),
    "order_paid.rest": _sentence(
        "what is still to be paid; may be empty", "待付金额，可能为空", "{amount} is still to be paid online.",
        "还需在线支付 {amount}。", may_be_empty=True,
    ),
    "order_lessened.instead": _sentence(
        "what comes in place of what was ordered; may be empty", "替代商品，可能为空",
        "Of these, 1 × Nashi come in place of what you ordered, at the same price.",
        "其中 1 × 水晶梨 为替代商品，价格不变。",
        may_be_empty=True,
    ),
    "refund_short.rest": _sentence(
        "what still comes; may be empty", "仍会交付的商品，可能为空", "You get Eggs × 1.", "您将收到：鸡蛋 × 1。",
        may_be_empty=True,
    ),
    "sign_in_code.code": _means("the code to sign in with", "登录验证码", "481302", needed=True),
    "survey_invitation.title": _means("the survey's title", "问卷标题", "How was your order?", "您对本次团购满意吗？"),
}  # fmt: skip
"""By the name of the fact, or by ``notice.fact`` where one notice means something else by it. Facts that have a type,
such as money, take their example from it.
"""


def meaning_of(template: str, fact: str) -> Meaning:
    """What a fact of a notice means; of one that nobody has explained its own name in words."""
    in_words = fact.replace("_", " ")
    return GLOSSARY.get(f"{template}.{fact}") or GLOSSARY.get(fact) or _means(in_words, in_words, in_words)
