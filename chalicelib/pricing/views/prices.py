"""What the API shows of a product's prices. All of it is the team's: it tells costs."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Self

from pydantic import Field

from chalicelib.catalog.model.contents import Unit
from chalicelib.catalog.records import ProductRecord
from chalicelib.catalog.views.products import ContentView
from chalicelib.pricing.forms.prices import WEEKDAYS
from chalicelib.pricing.model.floors import Floor, margin_bps
from chalicelib.pricing.model.policies import Advice, PriceRules, StagePolicy, percent
from chalicelib.pricing.model.rules import Words
from chalicelib.pricing.model.stages import Stage, Suggested, Week
from chalicelib.pricing.model.watching import Incident, Kind
from chalicelib.pricing.records import CompetitorPriceRecord, PriceWatchRecord, ProductPricingRecord
from chalicelib.pricing.service.life import Life, Priced, SkuLife
from chalicelib.web import Instant, LocalDate, MoneyField, UlidStr, View, columns


class FloorView(View):
    """What is to be left over the cost: a share of it, or an amount."""

    percent: str | None
    amount: MoneyField | None

    @classmethod
    def of(cls, floor: Floor | None, currency: str) -> Self | None:
        if floor is None:
            return None
        return cls(percent=_percent(floor.percent_bps), amount=_money(floor.over_minor, currency))


class StagePolicyView(View):
    """What is wanted in a stage; null leaves it open. Percentages are decimals."""

    largest_discount: str | None
    margin: str | None
    price_change: str | None

    @classmethod
    def of(cls, policy: StagePolicy) -> Self:
        return cls(
            largest_discount=_percent(policy.largest_discount_bps),
            margin=_percent(policy.margin_bps),
            price_change=_percent(policy.change_bps),
        )


class StagesView(View):
    """The policy of each stage."""

    introduction: StagePolicyView
    growth: StagePolicyView
    maturity: StagePolicyView
    decline: StagePolicyView


class PriceRulesView(View):
    """The brand's rules of prices."""

    floor: FloorView | None
    competitor_below: str
    week_begins: str
    stages: StagesView

    @classmethod
    def of(cls, rules: PriceRules, currency: str) -> Self:
        return cls(
            floor=FloorView.of(rules.floor, currency),
            competitor_below=_percent(rules.below_bps) or "",
            week_begins=WEEKDAYS[rules.week_begins],
            stages=StagesView(**{each.value: StagePolicyView.of(rules.stage(each)) for each in Stage}),
        )


class ReasonView(View):
    """Why, in English and in Chinese."""

    reason: str
    reason_zh: str

    @classmethod
    def said(cls, words: Words) -> "ReasonView":
        return ReasonView(reason=words.en, reason_zh=words.zh)


class SuggestionView(View):
    """A stage that sales suggest, null where nothing was sold, with what it rests on: the complete ``weeks`` since the
    first sale, the ``slope`` of the last eight in units a week, that as a percentage of their average (``trend``), and
    the last four weeks as a percentage of the best four (``share_of_peak``).
    """

    stage: Stage | None
    weeks: int
    slope: str | None
    trend: str | None
    share_of_peak: str | None
    reason: str
    reason_zh: str

    @classmethod
    def of(cls, found: Suggested) -> Self:
        slope = None if found.slope is None else f"{Decimal(found.slope.numerator) / found.slope.denominator:.2f}"
        return cls(
            stage=found.stage, weeks=found.weeks, slope=slope, trend=_percent(found.trend_bps),
            share_of_peak=_percent(found.of_peak_bps), reason=found.reason.en, reason_zh=found.reason.zh,
        )  # fmt: skip


class StageView(View):
    """The stage that people have confirmed, or set in place of what was suggested then; null where nobody has."""

    confirmed: Stage | None
    by: str | None
    at: Instant | None
    suggested_then: Stage | None
    suggestion: SuggestionView

    @classmethod
    def of(cls, pricing: ProductPricingRecord, suggested: Suggested) -> Self:
        return cls(
            confirmed=pricing.stage, by=pricing.stage_by, at=pricing.stage_at,
            suggested_then=Stage(pricing.suggested) if pricing.suggested and pricing.stage else None,
            suggestion=SuggestionView.of(suggested),
        )  # fmt: skip


class WeekView(View):
    """The units of a week that were sold and kept, by the day on which it begins."""

    begins_on: LocalDate
    units: int

    @classmethod
    def all_of(cls, weeks: Iterable[Week]) -> "list[WeekView]":
        return [WeekView(begins_on=week.begins_on, units=week.units) for week in weeks]


class AdviceView(View):
    """What the policy of the stage comes to: another list price, and the lowest price of a campaign; null where it says
    nothing of them. Nothing is changed by it.
    """

    price: MoneyField | None
    lowest: MoneyField | None
    reasons: list[ReasonView]

    @classmethod
    def of(cls, advice: Advice, currency: str) -> Self:
        return cls(
            price=_money(advice.price_minor, currency),
            lowest=_money(advice.lowest_minor, currency),
            reasons=[ReasonView.said(each) for each in advice.reasons],
        )


class SkuPricingView(View):
    """A SKU's prices: the list price, what everybody can have it for ``now`` (for less, in a campaign that is open),
    its cost, margin floor and the ``margin`` that is left now, a percentage of the price.
    """

    id: UlidStr
    code: str
    title: str
    price: MoneyField
    now: MoneyField
    cost: MoneyField | None
    floor: MoneyField | None
    margin: str | None
    advice: AdviceView
    weeks: list[WeekView]

    @classmethod
    def of(cls, sku: SkuLife, currency: str) -> Self:
        return cls(
            id=sku.sku_id, code=sku.code, title=sku.title, price=MoneyField.of(sku.price_minor, currency),
            now=MoneyField.of(sku.now_minor, currency), cost=_money(sku.cost_minor, currency),
            floor=_money(sku.floor_minor or None, currency), margin=_percent(margin_bps(sku.now_minor, sku.cost_minor)),
            advice=AdviceView.of(sku.advice, currency), weeks=WeekView.all_of(sku.weeks),
        )  # fmt: skip


class CompetitorPriceView(View):
    """What a competitor asked on a day; ``content`` is what a pack of theirs holds, null for as much as ours."""

    id: UlidStr
    product_id: UlidStr
    sku_id: UlidStr
    title: str
    competitor: str
    price: MoneyField
    content: ContentView | None
    link: str | None
    seen_on: LocalDate
    recorded_at: Instant
    recorded_by: str

    @classmethod
    def of(cls, seen: CompetitorPriceRecord) -> Self:
        names = ("id", "product_id", "sku_id", "title", "competitor", "link", "seen_on", "recorded_at", "recorded_by")
        content = seen.content
        return cls(
            **{name: getattr(seen, name) for name in names},
            price=MoneyField.of(int(seen.price_minor), seen.currency),
            content=ContentView(quantity=content.quantity, unit=Unit(content.unit)) if content else None,
        )


class AlertView(View):
    """A price that needs a look, since when and, once it did not any more, until when. ``theirs`` is what a competitor
    asks for as much as our pack holds or, of a price under the margin floor, that floor; ``below`` a percentage.
    """

    id: str
    kind: Kind
    product_id: UlidStr
    sku_id: UlidStr
    sku_title: str
    competitor: str | None
    ours: MoneyField
    theirs: MoneyField
    below: str
    began_at: Instant
    ended_at: Instant | None

    @classmethod
    def of(cls, incident: Incident, watch: PriceWatchRecord) -> Self:
        found, currency = incident.finding, watch.currency
        return cls(
            id=incident.id, kind=found.kind, product_id=watch.product_id, sku_id=found.sku_id,
            sku_title=watch.sku_titles.get(found.sku_id, ""), competitor=found.competitor or None,
            ours=MoneyField.of(found.ours_minor, currency), theirs=MoneyField.of(found.theirs_minor, currency),
            below=_percent(found.below_bps) or "0", began_at=incident.began_at, ended_at=incident.ended_at,
        )  # fmt: skip

    @classmethod
    def all_of(cls, watch: PriceWatchRecord | None) -> "list[AlertView]":
        return [AlertView.of(each, watch) for each in watch.incidents] if watch else []


class WatchedView(View):
    """A product of whose prices some need a look, with those that did before."""

    product_id: UlidStr
    title: str
    alerts: list[AlertView]

    @classmethod
    def of(cls, watch: PriceWatchRecord) -> Self:
        return cls(product_id=watch.product_id, title=watch.title, alerts=AlertView.all_of(watch))


class PricingView(View):
    """A product's prices over its life. ``floor`` is its own, null where the brand's ``default_floor`` holds;
    ``policy`` that of the stage which is confirmed or else suggested; ``weeks`` are complete, the oldest first.
    """

    product_id: UlidStr
    title: str
    stage: StageView
    policy: StagePolicyView
    floor: FloorView | None
    default_floor: FloorView | None
    weeks: list[WeekView]
    skus: list[SkuPricingView]
    competitors: list[CompetitorPriceView] = Field(description="What competitors asked, the last recorded first.")
    alerts: list[AlertView]

    @classmethod
    def of(cls, life: Life) -> Self:
        currency = life.product.currency
        return cls(
            product_id=life.product.product_id,
            title=life.product.title,
            stage=StageView.of(life.pricing, life.suggested),
            policy=StagePolicyView.of(life.rules.stage(life.stage)),
            floor=FloorView.of(life.pricing.floor, currency),
            default_floor=FloorView.of(life.rules.floor, currency),
            weeks=WeekView.all_of(life.weeks),
            skus=[SkuPricingView.of(each, currency) for each in life.skus],
            competitors=[CompetitorPriceView.of(each) for each in life.competitors],
            alerts=AlertView.all_of(life.watch),
        )


class PricedView(View):
    """A price of a SKU, from an instant until before another, null while it lasts. With a campaign it was that of an
    offer there, ``final`` where all paid less in the end; without one that of the shop.
    """

    sku_id: UlidStr
    code: str
    price: MoneyField
    final: MoneyField | None
    from_at: Instant
    until_at: Instant | None
    campaign_id: UlidStr | None
    campaign_title: str | None

    @classmethod
    def all_of(cls, product: ProductRecord, history: Iterable[Priced]) -> "list[PricedView]":
        codes, currency = {sku.sku_id: sku.code for sku in product.skus}, product.currency
        return [
            PricedView(
                sku_id=each.sku_id, code=codes.get(each.sku_id, ""), price=MoneyField.of(each.minor, currency),
                final=_money(each.final_minor, currency), from_at=each.from_at, until_at=each.until_at,
                campaign_id=each.campaign_id, campaign_title=each.title,
            )
            for each in history
        ]  # fmt: skip


HISTORY_HEADER = columns(
    sku=("SKU", "规格编码"), from_at=("From", "开始"), until_at=("Until", "结束"), price_minor=("Price", "价格"),
    final_minor=("Price in the end", "最终价格"), currency=("Currency", "币种"), campaign=("Campaign", "团购活动"),
)  # fmt: skip
COMPETITOR_HEADER = columns(
    seen_on=("Seen on", "看到日期"), goods=("Goods", "商品"), competitor=("Competitor", "竞争对手"),
    price_minor=("Price", "价格"), currency=("Currency", "币种"), content=("Pack", "包装含量"), link=("Link", "链接"),
    recorded_at=("Recorded at", "记录时间"), by=("By", "记录人"),
)  # fmt: skip


def history_rows(views: Iterable[PricedView]) -> Iterator[tuple[Any, ...]]:
    """Prices as a table."""
    for each in views:
        final = each.final.amount_minor if each.final else ""
        until = each.until_at or ""
        price = each.price
        yield each.code, each.from_at, until, price.amount_minor, final, price.currency, each.campaign_title or ""


def competitor_rows(found: Iterable[CompetitorPriceRecord]) -> Iterator[tuple[Any, ...]]:
    """What competitors asked as a table."""
    for each in found:
        pack = f"{each.content.quantity} {each.content.unit}" if each.content else ""
        yield (
            f"{each.seen_on}", each.title, each.competitor, int(each.price_minor), each.currency, pack,
            each.link or "", each.recorded_at, each.recorded_by,
        )  # fmt: skip


def _money(minor: int | None, currency: str) -> MoneyField | None:
    return None if minor is None else MoneyField.of(minor, currency)


def _percent(bps: int | None) -> str | None:
    return None if bps is None else percent(bps).removesuffix("%")
