"""What members prefer to buy, at which prices, how they receive it and how they pay, in a range of days."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from chalicelib.catalog.records import ProductRecord
from chalicelib.channels.records import ChannelRecord
from chalicelib.db import fetch_many
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.cohorts import rate
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.habits import AT_PICKUP, DELIVERED, NOT_SHOWN, OTHER, SHARES, UNKNOWN, Habit
from chalicelib.insight.model.references import Topic
from chalicelib.insight.reports.charting import MEMBERS, in_percent
from chalicelib.insight.reports.references import ReferenceView
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Fact, RangeQuery, Report, ReportView, frame
from chalicelib.kernel.context import contacts_shown
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.language import Language
from chalicelib.kernel.money import Money
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.web import Csv, View, columns

if TYPE_CHECKING:
    from chalicelib.insight.reports.service.preferences import Preferences

PREFERENCES_MEANING = Definition(
    "preferences",
    1,
    "Orders that count, as the summary counts them, of the tenant's local days asked for. An occasion is one member on "
    "one local day; categories and products rank by occasions, and an order of several counts in each, so these rows "
    "do not add up. Price bands begin at the quartiles of order amounts in the tenant's currency. Price sensitivity: "
    "orders of whose goods a discount, coupon or points took something off, over orders of which that is known. Mobile "
    "payment: orders paid by WeChat Pay or Alipay over orders whose way of paying is known; cards and wallets of a "
    "card provider are not told apart and count as not mobile. Imported orders say nothing of payment and delivery.",
    "所选商家本地日期内计入的订单（口径同汇总报表）。一次购买指一名会员在一个本地日期；类目与商品按购买次数排列，含多项的订单在每项各计一次，"
    "故各行不可相加。价格带以本币订单金额的四分位数为界。价格敏感度：商品享受折扣、优惠券或积分抵扣的订单，占已知是否优惠的订单之比。"
    "移动支付：使用微信支付或支付宝的订单，占支付方式已知的订单之比；银行卡服务商的卡与钱包无法区分，不计为移动支付。"
    "导入的订单不含支付方式与配送信息。",
)

ABOUT: Mapping[str, Words] = {
    "category": Words("Category", "类目"),
    "product": Words("Product", "商品"),
    "pickup_point": Words("Pickup point", "自提点"),
    "channel": Words("Channel", "渠道"),
    "price_band": Words("Price band", "价格带"),
    "fulfilment": Words("Handed over", "交付方式"),
    "payment": Words("Payment", "支付方式"),
    "age_band": Words("Age", "年龄"),
}

_WORDS: Mapping[str, Words] = {
    UNKNOWN: Words("not known", "未知"),
    OTHER: Words("all others", "其余"),
    NOT_SHOWN: Words("groups not shown apart", "未单独列出的分组"),
    AT_PICKUP: Words("collected at a pickup point", "自提"),
    DELIVERED: Words("delivered", "配送"),
    "pickup": Words("paid at pickup", "提货时付款"),
    "stripe": Words("card (Stripe)", "银行卡（Stripe）"),
    "wechat": Words("WeChat Pay", "微信支付"),
    "test": Words("test payment", "测试支付"),
}

SHARE_WORDS: Mapping[str, Words] = {
    "never": Words("never", "从未"),
    "up_to_third": Words("up to a third", "不超过三分之一"),
    "up_to_two_thirds": Words("up to two thirds", "不超过三分之二"),
    "more": Words("more than two thirds", "超过三分之二"),
    "always": Words("always", "每次"),
}


class PreferencesQuery(RangeQuery):
    """The local days, both included; by default the four weeks up to the last complete day."""


class PreferenceView(View):
    """Orders of one value: on how many occasions, of how many members, their share of all occasions; and of so many
    (``judged``) whose discounts are known how many were ``discounted``, with the share, null of none.
    """

    about: str
    value: str
    text: str
    orders: int
    occasions: int
    members: int
    share: str
    judged: int
    discounted: int
    discounted_share: str | None


class SensitivityView(View):
    """So many members bought with a discount that often."""

    share: str
    text: str
    members: int


class MobilePaymentView(View):
    """So many orders paid by phone, of those whose way of paying is known; the share is null of none."""

    orders: int
    known: int
    rate: str | None


class PreferencesView(ReportView):
    """What was bought on so many occasions by so many members. A price band is named by its ends in minor units, the
    upper one not included.
    """

    report: Literal["preferences"] = "preferences"
    definition: DefinitionView
    orders: int
    occasions: int
    members: int
    rows: list[PreferenceView]
    sensitivity: list[SensitivityView]
    mobile_payment: MobilePaymentView
    reference: list[ReferenceView]


def _run(asked: Asked[PreferencesQuery]) -> PreferencesView:
    from chalicelib.insight.reports.service.preferences import preferences  # no other report asks for them

    query = asked.query
    found = preferences(asked.tenant_id, query.from_on, query.to_on, asked.now, hides=not contacts_shown.get())
    days, at = found.range, 1 if asked.locale == "zh" else 0
    names = _names(asked.tenant_id, found) | _bands(found, "zh" if asked.locale == "zh" else "en")
    mobile = found.mobile
    return PreferencesView(
        **frame(days.horizon, days.tenant.timezone, days.from_on, days.to_on, found.revision),
        definition=DefinitionView.of(PREFERENCES_MEANING, asked.locale),
        orders=len(days.orders),
        occasions=found.occasions,
        members=found.members,
        rows=[
            _row(about, each, found.occasions, names, at) for about, habits in found.rows.items() for each in habits
        ],
        sensitivity=[
            SensitivityView(share=name, text=SHARE_WORDS[name][at], members=found.sensitivity[name]) for name in SHARES
        ],
        mobile_payment=MobilePaymentView(
            orders=mobile.mobile, known=mobile.known, rate=None if mobile.rate is None else str(mobile.rate)
        ),
        reference=ReferenceView.about(asked.locale, Topic.MOBILE_PAYMENT, Topic.GOODS),
    )  # fmt: skip


def _row(about: str, each: Habit, occasions: int, names: Mapping[tuple[str, str], str], at: int) -> PreferenceView:
    from chalicelib.segments.model.words import VALUES  # nor for the words of segments

    share = each.discounted_share
    words = VALUES.get(f"{about}:{each.value}") or _WORDS.get(each.value)
    text = names.get((about, each.value)) or (words[at] if words else each.value)
    return PreferenceView(
        about=about, value=each.value, text=text, orders=each.orders, occasions=each.occasions,
        members=len(each.members), share=str(rate(each.occasions, occasions)), judged=each.judged,
        discounted=each.discounted, discounted_share=None if share is None else str(share),
    )  # fmt: skip


_NAMED: Mapping[str, type[ProductRecord | PickupPointRecord | ChannelRecord]] = {
    "product": ProductRecord, "pickup_point": PickupPointRecord, "channel": ChannelRecord,
}  # fmt: skip


def _names(tenant_id: str, found: "Preferences") -> dict[tuple[str, str], str]:
    """The titles of what is here, by what it is and its id; what a file named is called so."""
    ids = [(about, each.value) for about in _NAMED for each in found.rows[about] if is_id(each.value)]
    places = [(_NAMED[about], *_NAMED[about].address(tenant_id, id_)) for about, id_ in ids]
    records = fetch_many(places) if places else []
    titled = {key: each for key, each in zip(ids, records, strict=True) if each is not None}
    return {key: each.name if key[0] == "pickup_point" else each.title for key, each in titled.items()}


def _bands(found: "Preferences", language: Language) -> dict[tuple[str, str], str]:
    """Each band by its ends, the upper one not included."""
    currency = found.range.tenant.currency
    texts = {}
    for each in found.bands:
        first = Money(each.from_minor, currency).said(language)
        if each.below_minor is None:
            text = f"{first} 及以上" if language == "zh" else f"{first} and more"
        else:
            text = f"{first}–{Money(each.below_minor, currency).said(language)}"
        texts["price_band", each.name] = text
    return texts


_SENSITIVITY = Words("How often members buy with a discount", "会员享受优惠购买的频率")
_ROWS = columns(
    about=("About", "维度", {"sensitivity": _SENSITIVITY, **ABOUT}), text=("Value", "取值"),
    orders=("Orders", "订单数"), occasions=("Occasions", "购买次数"), members=("Members", "人数"),
    share=("Share of occasions", "占购买次数"), judged=("Orders with known discounts", "已知是否优惠的订单"),
    discounted=("Discounted orders", "优惠订单"), discounted_share=("Share of discounted", "优惠订单占比"),
    from_on=("From", "起始日"), to_on=("To", "截止日"),
)  # fmt: skip


def _table(view: PreferencesView) -> Csv:
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [
            each.about, each.text, each.orders, each.occasions, each.members, Decimal(each.share), each.judged,
            each.discounted, None if each.discounted_share is None else Decimal(each.discounted_share), view.from_on,
            view.to_on, *made_of,
        ]
        for each in view.rows
    ]  # fmt: skip
    rows += [
        ["sensitivity", each.text, None, None, each.members, *[None] * 4, view.from_on, view.to_on, *made_of]
        for each in view.sensitivity
    ]
    return Csv("preferences.csv", (*_ROWS, *FRAME), rows)


def _charts(view: PreferencesView) -> Sequence[Chart]:
    """Occasions by each thing, and members by how often they buy with a discount."""
    charts = []
    for about, title in ABOUT.items():
        rows = [each for each in view.rows if each.about == about]
        if rows and any(each.value != UNKNOWN for each in rows):
            series = [Series(Words("Occasions", "购买次数"), [each.occasions for each in rows])]
            charts.append(Chart(Kind.BARS, title, Words("occasions", "次"), [each.text for each in rows], series))
    if not any(each.members for each in view.sensitivity):
        return charts
    members = [Series(Words("Members", "会员"), [each.members for each in view.sensitivity])]
    labels = [each.text for each in view.sensitivity]
    return [*charts, Chart(Kind.BARS, _SENSITIVITY, MEMBERS, labels, members)]


def _facts(view: PreferencesView) -> Sequence[Fact]:
    mobile = view.mobile_payment
    paid = f"{in_percent(mobile.rate)} ({mobile.orders:,} / {mobile.known:,})" if mobile.known else "–"
    return [
        Fact(Words("Orders", "订单数"), f"{view.orders:,}"),
        Fact(Words("Occasions", "购买次数"), f"{view.occasions:,}"),
        Fact(Words("Members who ordered", "下单会员"), f"{view.members:,}"),
        Fact(Words("Paid by phone, where that is known", "移动支付（支付方式已知的订单）"), paid),
    ]


PREFERENCES = Report(
    "preferences",
    PreferencesQuery,
    PreferencesView,
    _run,
    _table,
    charts=_charts,
    title=Words("What members prefer", "购买偏好"),
    tells=Words(
        "What members buy, in which price bands, how they pay, and how often they use discounts.",
        "会员购买的品类与价位、支付方式及享受优惠的频率。",
    ),
    facts=_facts,
)
"""What members prefer and how they pay."""
