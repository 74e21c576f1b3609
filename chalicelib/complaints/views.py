"""What the API shows of complaints."""

from typing import Literal, Self

from chalicelib.complaints.forms import CategoryName, ImportanceName, StatusName, UrgencyName
from chalicelib.complaints.model.cases import Category
from chalicelib.complaints.model.rules import Rule
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.rules import RulesInForce
from chalicelib.web import Instant, MoneyField, UlidStr, View


class HistoryView(View):
    """One thing that happened: ``by`` is ``member:…``, ``staff:…``, ``api_key:…`` or ``system``.

    An escalation names the due time that passed: ``field`` is ``first_response`` or ``resolution``.
    """

    type: Literal["opened", "in_progress", "assigned", "changed", "note", "escalated", "resolved"]
    at: Instant
    by: str
    field: str | None = None
    before: str | None = None
    after: str | None = None
    text: str | None = None


class OwnComplaintView(View):
    """A complaint as its member sees it: without the team's notes."""

    id: UlidStr
    status: StatusName
    category: CategoryName
    cause: str
    urgency: UrgencyName
    importance: ImportanceName
    priority: Literal["p1", "p2", "p3", "p4"]
    owner: UlidStr
    text: str
    order_id: UlidStr | None
    opened_at: Instant
    first_response_due_at: Instant
    resolution_due_at: Instant
    resolved_at: Instant | None
    outcome: str | None
    remedy: str | None
    history: list[HistoryView]

    @classmethod
    def of(cls, complaint: ComplaintRecord) -> Self:
        view = cls.model_validate(complaint)
        view.history = [entry for entry in view.history if entry.type != "note"]
        return view


class ComplaintView(OwnComplaintView):
    """A complaint as the team sees it."""

    member_id: UlidStr
    invitation_id: UlidStr | None
    score: int | None
    first_response_at: Instant | None
    response_escalated_at: Instant | None
    escalated_at: Instant | None

    @classmethod
    def of(cls, complaint: ComplaintRecord) -> Self:
        return cls.model_validate(complaint)


class WordsView(View):
    en: list[str]
    zh: list[str]


class RuleView(View):
    """What a complaint is that says one of the words."""

    cause: str
    category: CategoryName
    words: WordsView
    urgency: UrgencyName
    importance: ImportanceName

    @classmethod
    def of(cls, rule: Rule) -> Self:
        words = WordsView(en=list(rule.english), zh=list(rule.chinese))
        return cls(cause=rule.cause, category=rule.category.value, words=words, urgency=rule.urgency.value,
                   importance=rule.importance.value)  # fmt: skip


class ImportanceView(View):
    """From which total on the order makes a complaint important.

    What the brand has not set is one, and four, times what a member typically orders in a campaign: the median, over
    the last nine campaigns that locked, of goods as ordered divided by buyers. While these had fewer than ten buyers,
    ``typical_order`` is null, and the amounts are some and much money in the brand's currency.
    """

    normal_from: MoneyField
    high_from: MoneyField
    typical_order: MoneyField | None


class ComplaintRulesView(View):
    """The rules that new complaints are judged by; ``standard`` says whether the words are those of the product."""

    standard: bool
    rules: list[RuleView]
    categories: dict[CategoryName, UrgencyName]
    importance: ImportanceView

    @classmethod
    def of(cls, found: RulesInForce) -> Self:
        def money(amount_minor: int) -> MoneyField:
            return MoneyField.of(amount_minor, found.currency)

        return cls(
            standard=found.book.rules is None,
            rules=[RuleView.of(rule) for rule in found.book.in_force],
            categories={category.value: found.book.urgency_of(category).value for category in Category},
            importance=ImportanceView(
                normal_from=money(found.weights.normal_from),
                high_from=money(found.weights.high_from),
                typical_order=None if found.typical is None else money(found.typical),
            ),
        )
