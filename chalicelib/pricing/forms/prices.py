"""What the API takes of a product's prices: floors, stages, rules, and what competitors ask."""

import re
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from chalicelib.catalog.forms import ContentForm
from chalicelib.kernel.errors import InvalidField
from chalicelib.pricing.errors import PriceInAnotherCurrency
from chalicelib.pricing.forms.discounts import PercentOff, basis_points
from chalicelib.pricing.model.floors import Floor
from chalicelib.pricing.model.policies import PriceRules, StagePolicy
from chalicelib.pricing.model.stages import Stage
from chalicelib.pricing.service.competitors import Sighting
from chalicelib.web import Body, CostField, LocalDate, OneLine, PriceField, Query, UlidStr, Url

_OVER = r"[0-9]{1,3}(?:\.[0-9]{1,2})?"
_MARGIN = r"[0-9]{1,2}(?:\.[0-9]{1,2})?"
_CHANGE = r"(?:-[0-9]{1,2}|[0-9]{1,3})(?:\.[0-9]{1,2})?"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _matching(pattern: str, en: str, zh: str) -> AfterValidator:
    """A decimal in a text must match; the refusal says what to write."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise InvalidField(en, zh)
        return text

    return AfterValidator(check)


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", "examples": [example]})


PercentOver = Annotated[
    str,
    _matching(
        _OVER,
        'write a percentage from 0 to 999.99 as text, such as "15"',
        '请以文本填写 0 至 999.99 的百分比，例如 "15"',
    ),
    _schema(_OVER, "15"),
]
Margin = Annotated[
    str,
    _matching(
        _MARGIN,
        'write a percentage from 0 to 99.99 as text, such as "30"',
        '请以文本填写 0 至 99.99 的百分比，例如 "30"',
    ),
    _schema(_MARGIN, "30"),
]
Change = Annotated[
    str,
    _matching(
        _CHANGE,
        'write a percentage from -99.99 to 999.99 as text, such as "-10"',
        '请以文本填写 -99.99 至 999.99 的百分比，例如 "-10"',
    ),
    _schema(_CHANGE, "-10"),
]
Competitor = Annotated[str, StringConstraints(min_length=1, max_length=80), OneLine]


class FloorForm(Body):
    """What is to be left over a SKU's cost: a share of it (``percent``, a decimal in a string) or an ``amount`` of your
    currency. One of them is given.
    """

    percent: PercentOver | None = None
    amount: CostField | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.percent is None) == (self.amount is None):
            raise InvalidField("give either a percent or an amount", "请填写 percent 或 amount 之一")
        return self

    def floor(self, currency: str, pointer: str) -> Floor:
        """Raises PriceInAnotherCurrency."""
        if self.amount is not None and self.amount.currency != currency:
            raise PriceInAnotherCurrency.at(
                f"{pointer}/amount/currency",
                f"Your currency is {currency}; {self.amount.currency} is not taken.",
                f"您的币种为 {currency}，不支持 {self.amount.currency}。",
            )
        return Floor(basis_points(self.percent), self.amount.amount_minor if self.amount else None)


class StagePolicyForm(Body):
    """What you want in a stage; what is left out is left open. ``largest_discount`` is off the list price, ``margin``
    the share of a price that is to be left over the cost, ``price_change`` by how much list prices are to move. All are
    decimals in strings.
    """

    largest_discount: PercentOff | None = None
    margin: Margin | None = None
    price_change: Change | None = None

    def policy(self) -> StagePolicy:
        return StagePolicy(*map(basis_points, (self.largest_discount, self.margin, self.price_change)))


class StagesForm(Body):
    """A policy for each stage."""

    introduction: StagePolicyForm = StagePolicyForm()
    growth: StagePolicyForm = StagePolicyForm()
    maturity: StagePolicyForm = StagePolicyForm()
    decline: StagePolicyForm = StagePolicyForm()

    def policies(self) -> dict[Stage, StagePolicy]:
        return {stage: policy for stage in Stage if (policy := getattr(self, stage.value).policy())}


class PriceRulesForm(Body):
    """The ``floor`` of products without one of their own, null for none; from how much cheaper on a competitor is an
    alert; on which weekday the weeks of your sales begin; and a policy for each stage of a product's life.
    """

    EXAMPLES = {
        "15 % over the cost, and less for what declines": {
            "floor": {"percent": "15"},
            "competitor_below": "10",
            "week_begins": "mon",
            "stages": {
                "introduction": {"largest_discount": "10", "margin": "35"},
                "maturity": {"largest_discount": "20", "margin": "25"},
                "decline": {"largest_discount": "40", "price_change": "-10"},
            },
        }
    }

    floor: FloorForm | None = None
    competitor_below: PercentOff = "10"
    week_begins: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    stages: StagesForm = StagesForm()

    def rules(self, currency: str) -> PriceRules:
        """Raises PriceInAnotherCurrency."""
        floor = self.floor.floor(currency, "/floor") if self.floor else None
        below = int(Decimal(self.competitor_below) * 100)
        return PriceRules(floor, below, WEEKDAYS.index(self.week_begins), self.stages.policies())


class PricingEdit(Body):
    """What is absent stays. A ``floor`` of null follows the brand's; a ``stage`` of null leaves open in which the
    product is, so that what its sales suggest counts.
    """

    EXAMPLES = {
        "a stage that is confirmed": {"stage": "maturity"},
        "a floor of its own": {"floor": {"percent": "20"}},
    }

    floor: FloorForm | None = None
    stage: Stage | None = Field(default=None, strict=False)


class NewCompetitorPrice(Body):
    """A price of a competitor's for what a SKU is, in your currency, as it was seen on a local day. ``content`` is what
    their pack holds, where it is another than yours: then as much of it as yours holds is compared.
    """

    EXAMPLES = {
        "half a kilogram": {
            "sku_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "competitor": "河东超市",
            "price": {"amount_minor": 1_990, "currency": "CNY"},
            "content": {"quantity": "500", "unit": "g"},
            "seen_on": "2026-11-28",
        }
    }

    sku_id: UlidStr
    competitor: Competitor
    price: PriceField
    content: ContentForm | None = None
    link: Url | None = None
    seen_on: LocalDate

    def sighting(self) -> Sighting:
        content = self.content.content() if self.content else None
        return Sighting(self.sku_id, self.competitor, self.price.money(), self.seen_on, content, self.link)


class CompetitorFilter(Query):
    """Of one product, or of all; as JSON or as a table: without ``format`` the Accept header decides."""

    product_id: UlidStr | None = None
    format: Literal["json", "csv", "xlsx"] | None = None


class HistoryQuery(Query):
    """As JSON, or as a table; without ``format`` the Accept header decides."""

    format: Literal["json", "csv", "xlsx"] | None = None
