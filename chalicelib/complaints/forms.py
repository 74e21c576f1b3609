"""What the API takes of complaints."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from chalicelib.complaints.model.cases import MAX_HISTORY, Category, Importance, Urgency
from chalicelib.complaints.model.remedies import MAX_PHOTOS, Judged, Party, RemedyKind, RemedyWanted, Verdict
from chalicelib.complaints.model.rules import MOST_RULES, MOST_WORDS, Rule, RuleBook
from chalicelib.complaints.service.causes import CauseWanted
from chalicelib.complaints.service.handling import Answer, ComplaintChanges, ComplaintFilter
from chalicelib.kernel.errors import Invalid, InvalidField
from chalicelib.loyalty.points.forms import MOST_POINTS
from chalicelib.orders.bundles.model import part_named
from chalicelib.orders.model import MAX_PARCEL_LINES
from chalicelib.web import Body, Harmless, OneLine, PriceField, Quantity, Query, ShortText, UlidStr

CategoryName = Literal["quality", "shortage", "pickup", "payment", "service", "other"]
UrgencyName = Literal["low", "normal", "high", "critical"]
ImportanceName = Literal["low", "normal", "high"]
StatusName = Literal["open", "in_progress", "resolved"]
PartyName = Literal["leader", "supplier", "platform", "brand"]
SourceName = Literal["phone", "chat", "counter", "other"]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000), Harmless]
Note = Annotated[str, StringConstraints(min_length=1, max_length=500), Harmless]


CauseName = Annotated[str, StringConstraints(min_length=1, max_length=80), OneLine]
"""The code of a cause, or its words in either language."""

Photos = Annotated[list[UlidStr], Field(max_length=MAX_PHOTOS)]
"""Ids of uploads."""


class NewComplaint(Body):
    """What went wrong, in the member's words. ``cause`` is one of the store's causes of complaints; without a category
    it says that, and without a cause the words decide both. ``photos`` are ids of uploads.
    """

    text: Words
    category: CategoryName | None = None
    cause: CauseName | None = None
    order_id: UlidStr | None = None
    photos: Photos = []


class ComplaintNoted(Body):
    """What a member complained of by another way than the store, as somebody of the team notes it. It names an order,
    or a member, who then is the order's. ``source`` says which way.
    """

    EXAMPLES = {
        "on the phone, about an order": {
            "order_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "text": "Two apples were spoiled.",
            "source": "phone",
        },
    }

    member_id: UlidStr | None = None
    order_id: UlidStr | None = None
    text: Words
    category: CategoryName | None = None
    cause: CauseName | None = None
    source: SourceName

    @model_validator(mode="after")
    def _whose(self) -> Self:
        if self.member_id is None and self.order_id is None:
            raise InvalidField("name the member, or an order of theirs", "请填写会员或其订单")
        return self


def _party(named: PartyName | None, supplier_id: str | None) -> Party | None:
    """Whose doing it is: who names a supplier says so."""
    if named is not None:
        return Party(named)
    return Party.SUPPLIER if supplier_id is not None else None


class ComplaintEdit(Body):
    """What is absent stays. ``owner`` is a staff id; ``note`` is seen by the team alone. ``cause`` is one of the
    brand's causes, and brings its category along where none is named. ``attributed_to`` is whose doing it is: while it
    is the leader's, the commission on the order waits. Of a supplier's, ``supplier_id`` says whose, unless all of the
    order is bought from one.
    """

    category: CategoryName | None = None
    cause: CauseName | None = None
    urgency: UrgencyName | None = None
    importance: ImportanceName | None = None
    owner: UlidStr | None = None
    status: Literal["in_progress"] | None = None
    note: Note | None = None
    attributed_to: PartyName | None = None
    supplier_id: UlidStr | None = None

    def changes(self) -> ComplaintChanges:
        return ComplaintChanges(
            category=Category(self.category) if self.category else None,
            cause=self.cause,
            urgency=Urgency(self.urgency) if self.urgency else None,
            importance=Importance(self.importance) if self.importance else None,
            owner=self.owner,
            in_progress=self.status is not None,
            note=self.note,
            attributed_to=_party(self.attributed_to, self.supplier_id),
            supplier_id=self.supplier_id,
        )


class RemedyLineForm(Body):
    """Of an offer or a bundle's part: for a refund an ``amount``, for an exchange a ``quantity``."""

    offer_id: UlidStr
    sku_id: UlidStr | None = None
    amount: PriceField | None = None
    quantity: Quantity | None = None

    @property
    def name(self) -> str:
        return part_named(self.offer_id, self.sku_id)


class RemedyForm(Body):
    """What makes it good, given when the complaint is resolved. Words alone are an apology.

    - ``refund``: an ``amount``, or ``lines`` with amounts, of the complaint's order; with neither, all that is left of
      it. Up to the cap of goodwill of the caller's role.
    - ``exchange``: ``lines`` with quantities, for which an after-sale is opened and granted; with ``goods`` at
      ``not_needed`` the member keeps what they have.
    - ``coupon``: one of the batch ``batch_id``; whoever is neither owner nor manager gives those of batches with the
      purpose ``remedy`` only. ``points``: so many, which do not expire.

    ``text`` is read by the member. ``cost_to`` is who bears the cost: the leader as much as the commission on the order
    comes to, a supplier (``supplier_id``) or the platform all of it, and the brand the rest. An exchange costs what
    its goods do, points what they pay when they are given, and a coupon what it takes off an order, once that is
    handed over.
    """

    kind: Literal["refund", "exchange", "coupon", "points", "apology"]
    amount: PriceField | None = None
    lines: Annotated[list[RemedyLineForm], Field(min_length=1, max_length=MAX_PARCEL_LINES)] | None = None
    goods: Literal["expected", "not_needed"] = "expected"
    batch_id: UlidStr | None = None
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)] | None = None
    text: ShortText | None = None
    cost_to: PartyName = "brand"
    supplier_id: UlidStr | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        for name, kinds in _OF_KIND.items():
            if getattr(self, name) is not None and self.kind not in kinds:
                raise InvalidField(f"leave {name} out: it is not for this kind", f"该补偿方式不需要填写 {name}")
        if self.kind == "refund":
            self._check_refund()
        if self.kind == "exchange" and (self.lines is None or any(line.quantity is None for line in self.lines)):
            raise InvalidField("name lines with quantities", "请填写要换货的商品与数量")
        if self.kind == "coupon" and self.batch_id is None:
            raise InvalidField("name the batch of coupons", "请选择优惠券批次")
        if self.kind == "points" and self.points is None:
            raise InvalidField("say how many points", "请填写积分数量")
        if len({line.name for line in self.lines or []}) < len(self.lines or []):
            raise InvalidField("name each offer once", "同一商品请只填写一次")
        return self

    def _check_refund(self) -> None:
        if self.amount is not None and self.lines is not None:
            raise InvalidField("give an amount or lines, not both", "金额与明细只能填写其中一项")
        amounts = [line.amount for line in self.lines or []]
        if not all(amounts):
            raise InvalidField("name lines with amounts", "请填写每项商品的退款金额")
        given = [*filter(None, amounts), *filter(None, [self.amount])]
        if any(each.amount_minor == 0 for each in given):
            raise InvalidField("give back more than nothing", "退款金额须大于零")
        if len({each.currency for each in given}) > 1:
            raise InvalidField("give all amounts in the order's currency", "所有金额须为订单币种")

    def wanted(self) -> RemedyWanted:
        refund, lines = self.kind == "refund", self.lines or []
        by_line = {line.name: line.amount.amount_minor for line in lines if line.amount}
        amounts = [each for each in (self.amount, *(line.amount for line in lines)) if each is not None]
        return RemedyWanted(
            RemedyKind(self.kind),
            amount_minor=self.amount.amount_minor if self.amount else None,
            currency=amounts[0].currency if amounts else None,
            amounts=by_line or None,
            units={} if refund else {line.name: line.quantity or 0 for line in lines},
            goods=self.goods, batch_id=self.batch_id, points=self.points or 0, text=self.text,
            cost_to=Party(self.cost_to), supplier_id=self.supplier_id,
        )  # fmt: skip


_OF_KIND = {
    "amount": ("refund",), "lines": ("refund", "exchange"), "batch_id": ("coupon",), "points": ("points",),
}  # fmt: skip


def _words_are_an_apology(given: Any) -> Any:
    return {"kind": "apology", "text": given} if isinstance(given, str) else given


class Resolution(Body):
    """What came of it, which the member is told, and what makes it good: a remedy, or words, which are an apology.
    ``attributed_to`` is whose doing it was; where it is left out, it is whoever bears the remedy.
    """

    EXAMPLES = {
        "words": {"outcome": "We are sorry; the point opens earlier now."},
        "a part of the money, which the leader bears": {
            "outcome": "We give you ¥5.00 back.",
            "remedy": {"kind": "refund", "amount": {"amount_minor": 500, "currency": "CNY"}, "cost_to": "leader"},
        },
        "a coupon": {
            "outcome": "We are sorry.",
            "remedy": {"kind": "coupon", "batch_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"},
        },
    }

    outcome: Note
    remedy: Annotated[RemedyForm, BeforeValidator(_words_are_an_apology)] | None = None
    attributed_to: PartyName | None = None
    supplier_id: UlidStr | None = None

    def answer(self, key: str, body_hash: str) -> Answer:
        return Answer(
            self.outcome, self.remedy.wanted() if self.remedy else None,
            _party(self.attributed_to, self.supplier_id), self.supplier_id, key, body_hash,
        )  # fmt: skip


class VerdictForm(Body):
    """Whether I accept what came of my complaint. A rejection says why, and opens it again. ``resolution`` is the
    number of the answer that I judge, as the complaint shows it; it can be left out while there is only one.
    """

    EXAMPLES = {
        "it is settled": {"verdict": "accepted"},
        "it is not": {"verdict": "rejected", "comment": "The money has not come.", "resolution": 1},
    }

    verdict: Literal["accepted", "rejected"]
    comment: Note | None = None
    resolution: Annotated[int, Field(ge=1, le=MAX_HISTORY)] | None = None

    @model_validator(mode="after")
    def _rejection_says_why(self) -> Self:
        if self.verdict == "rejected" and self.comment is None:
            raise InvalidField("say what is not settled", "请说明尚未解决的问题")
        return self

    def given(self) -> Verdict:
        return Verdict(Judged(self.verdict), self.comment)


class MessageForm(Body):
    """What the team writes to the member, who reads it word for word. With ``waits`` the complaint waits for their
    answer: until it comes the clock of the resolution stands still. ``said_by`` member notes what they answered by
    another way, such as the telephone, which resumes the clock. ``photos`` are ids of uploads for this complaint.
    """

    EXAMPLES = {
        "a question": {"text": "Could you send us a photo of the box?"},
        "what the member said on the phone": {"text": "The box was open.", "said_by": "member"},
    }

    text: Words
    said_by: Literal["team", "member"] = "team"
    waits: bool = True
    photos: Photos = []


class ReplyForm(Body):
    """What I write to the store about my complaint; ``photos`` are ids of uploads."""

    text: Words
    photos: Photos = []


class ReopeningForm(Body):
    """Why a resolved complaint is opened again; the member reads it."""

    reason: Note


class ComplaintQuery(Query):
    """``cause`` by its code. Overdue: not answered, or not resolved, at its due time."""

    member_id: UlidStr | None = None
    status: StatusName | None = None
    owner: UlidStr | None = None
    urgency: UrgencyName | None = None
    category: CategoryName | None = None
    cause: CauseName | None = None
    overdue: bool | None = None

    def filter(self) -> ComplaintFilter:
        return ComplaintFilter(**self.model_dump())


CauseTitle = Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine]

EnglishWord = Annotated[
    str, StringConstraints(pattern=r"^\w[\w' -]*\*?$", max_length=40), OneLine, Field(examples=["allerg*"])
]
"""A word or words; one that ends in ``*`` begins other words as well."""

ChineseWord = Annotated[
    str, StringConstraints(pattern=r"^[^\s*]+$", max_length=20), OneLine, Field(examples=["拉肚子"])
]


class WordsForm(Body):
    """Words that reveal a cause. They count however they are written, unless they are denied ("nobody was hurt")."""

    en: Annotated[list[EnglishWord], Field(max_length=MOST_WORDS)] = []
    zh: Annotated[list[ChineseWord], Field(max_length=MOST_WORDS)] = []

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.en and not self.zh:
            raise InvalidField("name at least one word, in English or Chinese", "请至少填写一个英文或中文词语")
        return self


class CauseForm(Body):
    """What is to be so of a cause. A new one has a category, and its words in English and Chinese; of a standard one
    only ``paused`` can be set. One that is paused cannot be named for new complaints.
    """

    EXAMPLES = {
        "one of the brand's own": {"category": "quality", "en": "Not ripe", "zh": "未成熟"},
        "pause one": {"paused": True},
    }

    category: CategoryName | None = None
    en: CauseTitle | None = None
    zh: CauseTitle | None = None
    paused: bool = False

    def wanted(self) -> CauseWanted:
        return CauseWanted(Category(self.category) if self.category else None, self.en, self.zh, self.paused)


class RuleForm(Body):
    """What a complaint is that says one of the words: the least urgency and importance that they give it. A ``cause``
    that is on no list yet becomes one of the brand's.
    """

    cause: Annotated[str, StringConstraints(min_length=1, max_length=40), OneLine]
    category: CategoryName
    words: WordsForm
    urgency: UrgencyName
    importance: ImportanceName = "low"

    def rule(self) -> Rule:
        return Rule(
            self.cause, Category(self.category), Urgency(self.urgency),
            tuple(self.words.en), tuple(self.words.zh), Importance(self.importance),
        )  # fmt: skip


class ImportanceForm(Body):
    """From which total on the order makes a complaint important; what is left out follows from what members order."""

    normal_from: PriceField | None = None
    high_from: PriceField | None = None


class ComplaintRulesForm(Body):
    """All of a brand's rules; what is left out becomes standard. Of several rules that fit, the most urgent counts."""

    EXAMPLES = {
        "words of the brand's own": {
            "rules": [
                {"cause": "unsafe", "category": "quality", "urgency": "critical", "importance": "high",
                 "words": {"en": ["sick", "allerg*"], "zh": ["拉肚子", "过敏"]}},
            ],
        },
        "orders from ¥300.00 on are important": {
            "importance": {"high_from": {"amount_minor": 30_000, "currency": "CNY"}},
        },
    }  # fmt: skip

    rules: Annotated[list[RuleForm], Field(max_length=MOST_RULES)] | None = None
    categories: dict[CategoryName, UrgencyName] = {}
    importance: ImportanceForm = ImportanceForm()

    @model_validator(mode="after")
    def _once(self) -> Self:
        causes = [rule.cause for rule in self.rules or ()]
        if len(set(causes)) < len(causes):
            raise InvalidField("name each cause once, with all its words", "同一原因请合并为一条规则")
        return self

    def book(self, currency: str) -> RuleBook:
        """Raises Invalid for an amount in another currency than the brand's, or high below normal importance."""
        amounts = {}
        for name in ("normal_from", "high_from"):
            given = getattr(self.importance, name)
            if given is not None and given.currency != currency:
                raise Invalid.at(
                    f"/importance/{name}/currency", f"The brand's currency is {currency}.", f"品牌币种为 {currency}。"
                )
            amounts[name] = given.amount_minor if given else None
        normal, high = amounts["normal_from"], amounts["high_from"]
        if normal is not None and high is not None and high < normal:
            raise Invalid.at(
                "/importance/high_from", "Give at least the amount of normal importance.", "不得低于普通重要的金额。"
            )
        rules = None if self.rules is None else tuple(rule.rule() for rule in self.rules)
        by_category = {Category(name): Urgency(urgency) for name, urgency in self.categories.items()}
        return RuleBook(rules, by_category, normal, high)
