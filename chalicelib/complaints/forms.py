"""What the API takes of complaints."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.complaints.model.cases import Category, Importance, Urgency
from chalicelib.complaints.model.rules import MOST_RULES, MOST_WORDS, Rule, RuleBook
from chalicelib.complaints.service.handling import ComplaintChanges, ComplaintFilter
from chalicelib.kernel.errors import Invalid, InvalidField
from chalicelib.web import Body, Harmless, OneLine, PriceField, Query, ShortText, UlidStr

CategoryName = Literal["quality", "shortage", "pickup", "payment", "service", "other"]
UrgencyName = Literal["low", "normal", "high", "critical"]
ImportanceName = Literal["low", "normal", "high"]
StatusName = Literal["open", "in_progress", "resolved"]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000), Harmless]
Note = Annotated[str, StringConstraints(min_length=1, max_length=500), Harmless]


class NewComplaint(Body):
    """What went wrong, in the member's words. Without a category the words decide it."""

    text: Words
    category: CategoryName | None = None
    cause: Annotated[str, StringConstraints(min_length=1, max_length=80), OneLine] | None = None
    order_id: UlidStr | None = None


class ComplaintEdit(Body):
    """What is absent stays. ``owner`` is a staff id; ``note`` is seen by the team alone."""

    category: CategoryName | None = None
    urgency: UrgencyName | None = None
    importance: ImportanceName | None = None
    owner: UlidStr | None = None
    status: Literal["in_progress"] | None = None
    note: Note | None = None

    def changes(self) -> ComplaintChanges:
        return ComplaintChanges(
            category=Category(self.category) if self.category else None,
            urgency=Urgency(self.urgency) if self.urgency else None,
            importance=Importance(self.importance) if self.importance else None,
            owner=self.owner,
            in_progress=self.status is not None,
            note=self.note,
        )


class Resolution(Body):
    """What came of it, which the member is told, and what was given to make it good."""

    outcome: Note
    remedy: ShortText | None = None


class ComplaintQuery(Query):
    """Overdue: not answered, or not resolved, at its due time."""

    member_id: UlidStr | None = None
    status: StatusName | None = None
    owner: UlidStr | None = None
    urgency: UrgencyName | None = None
    category: CategoryName | None = None
    overdue: bool | None = None

    def filter(self) -> ComplaintFilter:
        return ComplaintFilter(**self.model_dump())


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


class RuleForm(Body):
    """What a complaint is that says one of the words: the least urgency and importance that they give it."""

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
