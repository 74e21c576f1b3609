"""What the pages of promotions take."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.pages.shell.typed import Reading, without_minor
from chalicelib.promotions.forms import MOST_STEPS
from chalicelib.promotions.model.terms import Kind
from chalicelib.web import Body, Query

Text = Annotated[str, StringConstraints(max_length=300)]
Lines = Annotated[str, StringConstraints(max_length=4_000)]
Ticks = Annotated[dict[str, bool], Field(max_length=200)]

_FIELDS = (
    (r"^/limits/(per_member|total)$", r"/\1"),
    (r"^/audience/classes(/\d+)?$", "/classes"),
    (r"^/scope/product_ids(/\d+)?$", "/products"),
    (r"^/scope/campaign_ids(/\d+)?$", "/campaigns"),
    (r"^/scope/(categories|tags)(/\d+)?$", r"/\1"),
    (r"^/audience/segment_ids(/\d+)?$", "/segments"),
    (r"^/terms/from$", "/from_amount"),
    (r"^/terms/(steps|prices)$", r"/\1"),
    (r"^/terms/(percent_off|amount_off|price|from_quantity|sku_id|quantity|repeat)$", r"/\1"),
    (r"^/terms$", "/terms"),
)


class KindQuery(Query):
    """Which kind of promotion is to be drafted; none chosen yet without it."""

    kind: Kind | None = None


class MonthQuery(Query):
    """On the orders of which month it is tried, such as ``2026-10``; the last one without it."""

    month: Annotated[str, StringConstraints(max_length=20)] = ""


class StepTyped(Body):
    """From so much on, so much off, as it is typed; an empty row is none."""

    spent: Text = ""
    off: Text = ""

    @property
    def is_given(self) -> bool:
        return bool(self.spent.strip() or self.off.strip())


class PromotionForm(Body):
    """A promotion as it is typed, or what is looked for on the way (``step``). ``products``, ``campaigns`` and
    ``segments`` are ticks by id, ``prices`` amounts by SKU, ``steps`` go by the rows of the form, ``row1`` and so on.
    """

    step: Text = ""
    find_products: Text = ""
    find_campaigns: Text = ""
    kind: Text = ""
    title: Text = ""
    starts_at: Text = ""
    ends_at: Text = ""
    percent_off: Text = ""
    amount_off: Text = ""
    price: Text = ""
    prices: Annotated[dict[str, Text], Field(max_length=500)] = {}
    steps: Annotated[dict[str, StepTyped], Field(max_length=MOST_STEPS)] = {}
    repeat: bool = False
    sku_id: Text = ""
    quantity: Text = ""
    from_amount: Text = ""
    from_quantity: Text = ""
    products: Ticks = {}
    campaigns: Ticks = {}
    segments: Ticks = {}
    classes: Ticks = {}
    categories: Lines = ""
    tags: Lines = ""
    exclusive_group: Text = ""
    budget: Text = ""
    per_member: Text = ""
    total: Text = ""

    def promotion(
        self, kind: Kind, reading: Reading, *, paused: bool = False, kept: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """What the API takes; of one that is paused what may change yet. ``kept`` is whom it is for as it stands, of
        which the form asks for the classes. Raises Invalid for what cannot be read, and
        for what is missing.
        """
        terms = self._terms(kind, reading)
        ends_at, starts_at = reading.moment(self.ends_at, "/ends_at"), reading.moment(self.starts_at, "/starts_at")
        budget = reading.amount(self.budget, "/budget")
        reading.check()
        if ends_at is None or (starts_at is None and not paused):
            field = "/ends_at" if starts_at is not None or paused else "/starts_at"
            raise Invalid.at(field, "Choose a day and a time.", "请选择日期和时间。")
        made = {
            "title": self.title, "ends_at": ends_at, "scope": self._scope(), "terms": terms,
            "exclusive_group": self.exclusive_group.strip() or None,
            "audience": {
                **(kept or {}),
                "classes": [each for each, on in self.classes.items() if on],
                "segment_ids": [each for each, on in self.segments.items() if on],
            },
        }  # fmt: skip
        if paused:
            return made
        limits = {"per_member": self.per_member.strip() or None, "total": self.total.strip() or None}
        return made | {"kind": kind.value, "starts_at": starts_at, "budget": budget, "limits": limits}

    def named(self, pointer: str) -> str:
        """The form's field that the API speaks of."""
        plain = without_minor(pointer)
        if found := re.match(r"^/terms/steps/(\d+)(/off)?", plain):
            row = self._rows()[int(found[1])][0]
            return f"/steps/{row}/{'off' if found[2] else 'spent'}"
        if found := re.match(r"^/terms/prices/(\d+)/", plain):
            return f"/prices/{self._priced()[int(found[1])][0]}"
        for pattern, field in _FIELDS:
            plain = re.sub(pattern, field, plain)
        return plain

    def _terms(self, kind: Kind, reading: Reading) -> Mapping[str, Any]:
        match kind:
            case Kind.TIMED_PRICE:
                self._check_one(("percent_off", "amount_off", "price"))
                amounts = {each: reading.amount(getattr(self, each), f"/{each}") for each in ("amount_off", "price")}
                return _given({"percent_off": self._percent(), **amounts})
            case Kind.FULL_REDUCTION:
                return {"steps": self._steps(reading), "repeat": self.repeat}
            case Kind.GIFT:
                self._check_one(("from_amount", "from_quantity"))
                return _given({
                    "sku_id": self.sku_id, "quantity": self.quantity.strip() or "1",
                    "from": reading.amount(self.from_amount, "/from_amount"),
                    "from_quantity": self.from_quantity.strip() or None,
                })  # fmt: skip
            case Kind.MEMBER_PRICE:
                return self._member_terms(reading)

    def _member_terms(self, reading: Reading) -> Mapping[str, Any]:
        prices = [{"sku_id": sku_id, "price": reading.amount(typed, f"/prices/{sku_id}")}
                  for sku_id, typed in self._priced()]  # fmt: skip
        if bool(prices) == bool(self._percent()):
            raise Invalid.at(
                "/percent_off", "Fill in either a share, or prices of single goods.", "折扣与单独定价请二选一填写。"
            )
        return {"prices": prices} if prices else {"percent_off": self._percent()}

    def _steps(self, reading: Reading) -> list[Mapping[str, Any]]:
        if not self._rows():
            raise Invalid.at("/steps/row1/spent", "Fill in one step at least.", "请至少填写一档满减。")
        steps: list[Mapping[str, Any]] = []
        for row, step in self._rows():
            if not (step.spent.strip() and step.off.strip()):
                field = "off" if step.spent.strip() else "spent"
                raise Invalid.at(f"/steps/{row}/{field}", "A step needs both amounts.", "每一档须同时填写两个金额。")
            amounts = [reading.amount(getattr(step, name), f"/steps/{row}/{name}") for name in ("spent", "off")]
            steps.append({"from": amounts[0], "off": amounts[1]})
        return steps

    def _check_one(self, names: Sequence[str]) -> None:
        """Raises Invalid unless one of the fields is filled in."""
        given = [name for name in names if getattr(self, name).strip()]
        if len(given) != 1:
            message = "Fill in one of these, and leave the others empty."
            raise Invalid.at(f"/{given[-1] if given else names[0]}", message, "以下各项请只填写其中一项。")

    def _percent(self) -> str | None:
        return self.percent_off.strip().removesuffix("%").strip() or None

    def _rows(self) -> list[tuple[str, StepTyped]]:
        """The steps that are filled in, each with its row."""
        return [(row, step) for row, step in self.steps.items() if step.is_given]

    def _priced(self) -> list[tuple[str, str]]:
        """The SKUs with a price."""
        return [(sku_id, typed) for sku_id, typed in self.prices.items() if typed.strip()]

    def _scope(self) -> Mapping[str, Any]:
        return {
            "product_ids": [each for each, on in self.products.items() if on],
            "campaign_ids": [each for each, on in self.campaigns.items() if on],
            "categories": _lines(self.categories),
            "tags": _lines(self.tags),
        }


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _lines(typed: str) -> list[str]:
    return list(dict.fromkeys(each.strip() for each in typed.splitlines() if each.strip()))
