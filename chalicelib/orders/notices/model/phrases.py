"""Sentences that depend on how an order stands, in both languages; each ends with its full stop. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from chalicelib.kernel.counting import counted
from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords, Listed
from chalicelib.orders.model import PAY_AT_PICKUP

NOTHING = InWords("", "")
NOTHING_TO_PAY = InWords("There is nothing to pay.", "无需付款。")
WHATEVER_WAS_PAID = InWords("Whatever you paid comes back.", "已付款项将退还。")
PAID_IN_FULL = InWords("It is paid in full.", "订单已付清。")

THE_WAY_IT_CAME = InWords("the way you paid", "原路退回给您")
_WAYS: Mapping[str, InWords] = {
    PAY_AT_PICKUP: InWords("in cash at your pickup point", "在自提点以现金退给您"),
    "stripe": InWords("to the card or account you paid with", "退回您付款的银行卡或账户"),
    "wechat": InWords("to your WeChat Pay", "退回您的微信支付"),
}


def way_back(method: str) -> InWords:
    """How money comes back, by the method of the refund: after *comes back* in English, after 将 in Chinese."""
    return _WAYS.get(method, THE_WAY_IT_CAME)


def ways_back(parts: Sequence[tuple[Money, str]]) -> InWords:
    """The same of an amount of which a part may come back in another way than the first."""
    (_, first), *others = parts
    way = way_back(first)
    for amount, method in others:
        other = way_back(method)
        way = InWords(f"{way.en}, of which {amount:en} {other.en}", f"{way.zh}，其中 {amount:zh} {other.zh}")
    return way


def joined(*phrases: InWords) -> InWords:
    """One sentence after the other."""
    said = [each for each in phrases if each != NOTHING]
    return InWords(" ".join(each.en for each in said), "".join(each.zh for each in said))


def sentence(note: str | None) -> str:
    """What the team wrote, with a full stop, since the text goes on after it."""
    text = (note or "").strip()
    if not text or text[-1] in ".!?…。！？":
        return text
    return text + ("." if text[-1].isascii() else "。")


def listed(things: Listed) -> InWords:
    """Several things, as each language lists them."""
    return InWords(", ".join(things), "，".join(things))


def comes_back(amounts: Iterable[tuple[Money, str]]) -> InWords:
    """What comes back, and by which methods; nothing where no money does."""
    return joined(
        *(
            InWords(f"{amount:en} comes back {way_back(method).en}.", f"{amount:zh} 将{way_back(method).zh}。")
            for amount, method in amounts
        )
    )


def collected_at(name: str, address: str) -> InWords:
    """Where an order is collected."""
    return InWords(f"You collect it at {name}, {address}.", f"自提点：{name}，{address}。")


def expected_on(day: InWords) -> InWords:
    """When what is collected is expected where it is collected."""
    return InWords(f"It is expected there on {day.en}.", f"预计 {day.zh} 到货。")


def brought_to(address: str) -> InWords:
    """Where an order is brought."""
    return InWords(f"It is brought to {address}.", f"送货地址：{address}。")


def what_was_paid(method: str) -> InWords:
    """That all comes back that was paid by a method."""
    way = way_back(method)
    return InWords(f"What you paid comes back {way.en}.", f"已付款项将{way.zh}。")


def code_stays(code: str) -> InWords:
    """Where an order is at another place: its code is the same."""
    return InWords(f"Your pickup code stays {code}.", f"取货码不变：{code}。")


def opening_hours(hours: str | None) -> InWords:
    """When a pickup point is open, where it says so."""
    return InWords(f"Open: {hours}.", f"营业时间：{hours}。") if hours else NOTHING


def what_is_left(items: Listed) -> InWords:
    """What still comes of an order."""
    things = listed(items)
    return InWords(f"You get {things.en}.", f"您将收到：{things.zh}。") if items else NOTHING


def comes_instead(goods: Listed) -> InWords:
    """What of it is something else than what was ordered."""
    things = listed(goods)
    return (
        InWords(
            f"Of these, {things.en} come in place of what you ordered, at the same price.",
            f"其中 {things.zh} 为替代商品，价格不变。",
        )
        if goods
        else NOTHING
    )


def taken_off(coupon: Money | None, points: int, by_points: Money) -> InWords:
    """What the member's own coupon and points took off the price; nothing where they used neither."""
    said = []
    if coupon is not None:
        said.append(InWords(f"Your coupon took {coupon:en} off.", f"优惠券已抵 {coupon:zh}。"))
    if points:
        said.append(
            InWords(
                f"You used {counted(points, 'point')} for {by_points:en}.", f"已用 {points} 积分抵 {by_points:zh}。"
            )
        )
    return joined(*said)


def redeemed(points: int) -> InWords:
    """What a gift cost."""
    return InWords(f"You redeemed {counted(points, 'point')} for it.", f"已用 {points} 积分兑换。")


def own_come_back(points: int, *, coupon: bool) -> InWords:
    """What comes back of the member's own with an order that came to nothing."""
    said = []
    if coupon:
        said.append(InWords("You have your coupon again, until its time is over.", "优惠券已退回，有效期内可再用。"))
    if points:
        comes = "comes" if points == 1 else "come"
        said.append(InWords(f"{counted(points, 'point')} {comes} back.", f"{points} 积分将退回。"))
    return joined(*said)


def have_paid(amount: Money) -> InWords:
    return InWords(f"You have paid {amount:en}.", f"已支付 {amount:zh}。")


def pay_on_handover(amount: Money, *, brought: bool = False) -> InWords:
    """What is paid when the order is handed over."""
    when = InWords("when it is brought", "送达时") if brought else InWords("when you collect it", "取货时")
    return InWords(f"You pay {amount:en} {when.en}.", f"{when.zh}支付 {amount:zh}。")


def balance_later(amount: Money) -> InWords:
    """What is still to be paid online once the campaign has closed."""
    return InWords(
        f"The balance of {amount:en} is paid online after the close; we write to you then.",
        f"尾款 {amount:zh} 于活动截止后在线支付，届时会通知您。",
    )


def still_due(amount: Money) -> InWords:
    return InWords(f"{amount:en} is still to be paid online.", f"还需在线支付 {amount:zh}。")


ENDS = InWords("After that your order ends.", "逾期订单将结束。")
ENDS_WITH_MONEY_BACK = InWords(
    "After that your order ends, and what you paid comes back.", "逾期订单将结束，已付款项将退还。"
)
ENDS_WITH_MONEY_KEPT = InWords(
    "After that your order ends, and what you paid stays with us, as its rules say.",
    "逾期订单将失效，按活动规则已付款项不予退还。",
)
