"""What the API shows of complaints."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from chalicelib.complaints.forms import (
    CategoryName,
    ImportanceName,
    PartyName,
    SourceName,
    StatusName,
    UrgencyName,
)
from chalicelib.complaints.model.cases import Category
from chalicelib.complaints.model.causes import Cause, Causes
from chalicelib.complaints.model.remedies import Remedy
from chalicelib.complaints.model.rules import Rule
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.rules import RulesInForce
from chalicelib.media.service import uploads
from chalicelib.web import Instant, MoneyField, UlidStr, View


class HistoryView(View):
    """One thing that happened: ``by`` is ``member:…``, ``staff:…``, ``api_key:…`` or ``system``.

    An escalation names the due time that passed: ``field`` is ``first_response`` or ``resolution``. ``asked`` and
    ``told`` are messages of the team, of which the first waits for an answer; ``replied`` is what the member said, by
    ``staff:…`` where the team noted it for them. ``accepted`` and ``rejected`` are the member's verdicts.
    ``photo_links`` is where photos that came with it can be read for an hour.
    """

    type: Literal[
        "opened", "in_progress", "assigned", "changed", "note", "asked", "told", "replied", "escalated", "resolved",
        "reopened", "accepted", "rejected", "remedy_failed",
    ]  # fmt: skip
    at: Instant
    by: str
    field: str | None = None
    before: str | None = None
    after: str | None = None
    text: str | None = None
    photo_links: list[str] | None = None


class DueView(View):
    """When the first response and the resolution are due: null where it was given or, of the resolution, while the
    complaint waits for its member.
    """

    first_response: Instant | None
    resolution: Instant | None

    @classmethod
    def of(cls, complaint: ComplaintRecord) -> Self:
        running = not complaint.resolved and not complaint.waiting_for
        return cls(
            first_response=None if complaint.answered else complaint.first_response_due_at,
            resolution=complaint.resolution_due_at if running else None,
        )


class OwnRemedyView(View):
    """What makes a complaint good, as its member sees it. ``state`` is ``pending`` until they have it, and ``failed``
    where that came to nothing: the store sees to it again then. ``aftersale_id`` is the after-sale of an exchange.
    """

    kind: Literal["refund", "exchange", "coupon", "points", "apology"]
    state: Literal["pending", "done", "failed"]
    amount: MoneyField | None = None
    coupon_id: UlidStr | None = None
    points: int | None = None
    text: str | None = None
    aftersale_id: UlidStr | None = None

    @classmethod
    def of(cls, remedy: Remedy) -> Self:
        return cls(**_remedy(cls, remedy))


class RemedyView(OwnRemedyView):
    """A remedy as the team sees it, with what it costs and who bears that, and in both languages why it ``failed``.
    ``cost`` is null while it is not known, as of a coupon that was not used.
    """

    cost_to: PartyName
    cost: MoneyField | None = None
    supplier_id: UlidStr | None = None
    batch_id: UlidStr | None = None
    failure: str | None = None
    failure_zh: str | None = None

    @classmethod
    def of(cls, remedy: Remedy) -> Self:
        en, zh = remedy.failure or (None, None)
        known = remedy.costs is not None and remedy.currency is not None
        cost = MoneyField.of(remedy.costs or 0, str(remedy.currency)) if known else None
        return cls(**_remedy(cls, remedy) | {"cost": cost}, failure=en, failure_zh=zh)


def _remedy(view: type[OwnRemedyView], remedy: Remedy) -> dict[str, Any]:
    names = [
        name for name in view.model_fields if name in Remedy.__dataclass_fields__ and name not in ("failure", "cost")
    ]
    given = {name: getattr(remedy, name) for name in names}
    if remedy.amount_minor is not None and remedy.currency is not None:
        given["amount"] = MoneyField.of(remedy.amount_minor, remedy.currency)
    return given


class VerdictView(View):
    """What the member says of what came of it."""

    verdict: Literal["accepted", "rejected"]
    comment: str | None


class OwnComplaintView(View):
    """A complaint as its member sees it: without the team's notes. While ``waiting_for`` is ``member`` the store waits
    for an answer, and ``resolution_due_at`` moves on when it comes. ``resolution`` is the number of the last answer,
    from 1, which a verdict names; null before the first.
    """

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
    due_at: DueView
    waiting_for: Literal["member"] | None
    resolved_at: Instant | None
    outcome: str | None
    resolution: int | None
    remedy: OwnRemedyView | None
    verdict: VerdictView | None
    photo_links: list[str]
    history: list[HistoryView]

    @classmethod
    def of(cls, complaint: ComplaintRecord) -> Self:
        view = cls(**_fields(cls, complaint))
        view.history = [entry for entry in view.history if entry.type not in _OF_THE_TEAM]
        view.history = [entry for entry in view.history if entry.field not in _ATTRIBUTION]
        return view


class ComplaintView(OwnComplaintView):
    """A complaint as the team sees it. ``follow_up_at`` is when its owner is reminded that it still waits."""

    member_id: UlidStr
    invitation_id: UlidStr | None
    response_id: UlidStr | None
    score: int | None
    recommends: int | None
    first_response_at: Instant | None
    response_escalated_at: Instant | None
    escalated_at: Instant | None
    follow_up_at: Instant | None
    attributed_to: PartyName | None
    supplier_id: UlidStr | None
    source: Literal[SourceName, "survey_open", "survey_paper"] | None
    remedy: RemedyView | None
    earlier_remedies: list[RemedyView]

    @classmethod
    def of(cls, complaint: ComplaintRecord) -> Self:
        return cls(**_fields(cls, complaint))


def _fields(view: type[OwnComplaintView], complaint: ComplaintRecord) -> dict[str, Any]:
    names = [name for name in view.model_fields if name not in _MADE]
    found = {name: getattr(complaint, name) for name in names} | {"due_at": DueView.of(complaint)}
    of_team, remedy = issubclass(view, ComplaintView), complaint.remedy
    shown = RemedyView if of_team else OwnRemedyView
    found["remedy"] = shown.of(remedy).model_dump() if remedy else None
    found["verdict"] = complaint.verdict.as_json() if complaint.verdict else None
    found["photo_links"] = _links(complaint, complaint.photo_files)
    found["resolution"] = complaint.resolutions or None
    found["history"] = [_entry(complaint, each) for each in complaint.history]
    if of_team:
        found["earlier_remedies"] = [RemedyView.of(each).model_dump() for each in complaint.remedies[:-1]]
    return found


_MADE = frozenset({"due_at", "resolution", "remedy", "verdict", "photo_links", "history", "earlier_remedies"})
_OF_THE_TEAM = frozenset({"note", "remedy_failed"})
_ATTRIBUTION = frozenset({"attributed_to", "supplier_id"})
"""Whose doing it was is the team's to know."""


def _links(complaint: ComplaintRecord, names: Sequence[str] | None) -> list[str]:
    return [uploads.link(complaint.tenant_id, complaint.member_id, name) for name in names or ()]


def _entry(complaint: ComplaintRecord, entry: Mapping[str, Any]) -> dict[str, Any]:
    photos = entry.get("photos")
    shown = {name: value for name, value in entry.items() if name != "photos"}
    return shown | ({"photo_links": _links(complaint, photos)} if photos else {})


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


class OwnCauseView(View):
    """A cause that a complaint may name, by its code ``cause``, with its words in both languages."""

    cause: str
    category: CategoryName
    en: str
    zh: str

    @classmethod
    def of(cls, cause: Cause) -> Self:
        return cls(**_of_cause(cause))


class CauseView(OwnCauseView):
    """A cause as the team sees it: whether it is the brand's ``own``, and whether it is paused."""

    own: bool
    paused: bool

    @classmethod
    def of(cls, cause: Cause) -> Self:
        return cls(**_of_cause(cause), own=cause.own, paused=cause.paused)


def _of_cause(cause: Cause) -> dict[str, Any]:
    return {"cause": cause.code, "category": cause.category.value, "en": cause.en, "zh": cause.zh}


class OwnCausesView(View):
    """What a complaint may be about, by category."""

    causes: list[OwnCauseView]

    @classmethod
    def of(cls, causes: Causes) -> Self:
        return cls(causes=[OwnCauseView.of(each) for each in causes.allowed])


class CausesView(View):
    """All causes of complaints of a brand, by category: the standard ones, its own, and those that its rules name."""

    causes: list[CauseView]

    @classmethod
    def of(cls, causes: Causes) -> Self:
        return cls(causes=[CauseView.of(each) for each in causes.every])


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
