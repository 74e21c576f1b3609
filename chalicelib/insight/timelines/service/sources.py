"""Where the entries of a timeline come from: each source by an index of its own, latest first, a page at a time."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.cases.model.words import MOST_IN_LIST, one_line
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.db import Record
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.histories.records import PurchaseRecord
from chalicelib.insight.intake.service.reading import timeline as events_of
from chalicelib.insight.records import LeaveRecord
from chalicelib.insight.timelines.model import Entry, Kind, Place
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.local_day import day_start, local_date
from chalicelib.loyalty.points.records import PointsEntryRecord, member_entries
from chalicelib.members.records import MemberRecord
from chalicelib.notices.model.catalogue import UnknownTemplate, notice_of
from chalicelib.notices.model.people import Person
from chalicelib.notices.records import NoticeRecord
from chalicelib.orders.records import OrderRecord, member_orders
from chalicelib.reviews.records import ReviewRecord
from chalicelib.suggestions.records import SuggestionRecord

BROWSED = frozenset({"visit", "view", "search", "filter", "compare", "cart", "checkout", "share", "favourite"})
"""The kinds of events that make a visit; the others stand in the timeline by their own records."""

ANSWERED = "survey"

_WINDOW = timedelta(days=31)
_KEPT = timedelta(days=400)
_DAY = timedelta(days=1)
_PURCHASES = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose timeline is read, of which kinds, after which place, and how many entries a source gives at most.
    ``ordinals`` are those under which the member's purchases are kept.
    """

    member: MemberRecord
    ordinals: Sequence[int]
    kinds: Collection[Kind]
    tz: ZoneInfo
    now: datetime
    after: Place | None
    number: int
    points_from: int | None = None

    @property
    def tenant_id(self) -> str:
        return self.member.tenant_id

    def last_on(self) -> date:
        """The last local day that may have entries after the place."""
        last = self.now if self.after is None else datetime.fromisoformat(self.after.at)
        return local_date(last, self.tz)


Source = Callable[[Wanted], Iterator[Entry]]


@dataclass(frozen=True, slots=True)
class _Index:
    """A list of a member's records in an index whose sort keys are an instant and an id."""

    kind: Kind
    record: type[Record]
    index: str
    partition: Callable[[str, str], str]
    entry: Callable[[Any], Entry]
    prefix: str = ""

    def __call__(self, wanted: Wanted) -> Iterator[Entry]:
        last = wanted.after.bound(self.kind, self.prefix) if wanted.after else f"{self.prefix}~"
        page = self.record.page(
            self.partition(wanted.tenant_id, wanted.member.id), index=self.index, newest_first=True,
            between=(f"{self.prefix}0", last), limit=wanted.number + 2,
        )  # fmt: skip
        # One of them may be the place itself.
        return (self.entry(each) for each in page.items)


def _case(kind: Kind) -> Callable[[Any], Entry]:
    def entry(each: Any) -> Entry:
        about = ("order", each.order_id) if each.order_id else None
        text = one_line(each.text, MOST_IN_LIST)
        return Entry(kind, each.id, each.opened_at, status=each.status, text=text, about=about)

    return entry


def _order(each: OrderRecord) -> Entry:
    return Entry(
        Kind.ORDER, each.id, each.placed_at, status=each.status, amount_minor=each.total_minor, currency=each.currency,
        about=("campaign", each.campaign_id),
    )  # fmt: skip


def _after_sale(each: AfterSaleRecord) -> Entry:
    text = one_line(each.reason, MOST_IN_LIST)
    return Entry(
        Kind.AFTER_SALE, each.id, each.opened_at, status=each.status, text=text, about=("order", each.order_id)
    )


def _review(each: ReviewRecord) -> Entry:
    text = one_line(each.text, MOST_IN_LIST) or None
    return Entry(
        Kind.REVIEW, each.id, each.written_at, status=each.status, text=text, count=int(each.stars),
        about=("product", each.product_id),
    )  # fmt: skip


def _message(each: NoticeRecord) -> Entry:
    at = each.told_at or each.lease_until
    return Entry(Kind.MESSAGE, each.message_id, at, status=each.status, text=each.template, about=_subject(each))


def _subject(each: NoticeRecord) -> tuple[str, str] | None:
    with suppress(UnknownTemplate):  # of a former version
        kind = notice_of(str(each.template)).telling.about
        return (kind, str(each.subject_id)) if kind and each.subject_id else None
    return None


def _points(wanted: Wanted) -> Iterator[Entry]:
    """Entries of the ledger. They are listed by number, which follows their instants."""
    partition = member_entries(wanted.tenant_id, wanted.member.id)
    between = ("0", "9" * 10 if wanted.points_from is None else f"{wanted.points_from:010d}")
    stored = PointsEntryRecord.every(
        partition, index="gsi1", newest_first=True, between=between, limit=wanted.number + 2
    )  # fmt: skip
    yield from _after(wanted, (_of_points(each) for each in stored))


def _of_points(each: PointsEntryRecord) -> Entry:
    about = ("order", each.order_id) if each.order_id else None
    return Entry(
        Kind.POINTS, each.id, each.at, status=each.cause_type, count=int(each.delta), about=about,
        number=int(each.number),
    )  # fmt: skip


def _purchases(wanted: Wanted) -> Iterator[Entry]:
    """Imported orders, of which the day is known."""
    between = ("0", f"{wanted.last_on().isoformat()}#~")
    for ordinal in wanted.ordinals:
        partition = PurchaseRecord.partition(wanted.tenant_id, ordinal)
        stored = PurchaseRecord.every(partition, between=between, newest_first=True, limit=_PURCHASES)
        bought = (each.purchase for each in stored)
        entries = (
            Entry(
                Kind.PURCHASE, each.source, day_start(each.on, wanted.tz), on=each.on, amount_minor=each.amount_minor,
                currency=each.currency,
            )
            for each in bought
            if each.imported
        )  # fmt: skip
        yield from _after(wanted, entries)


def _after(wanted: Wanted, entries: Iterator[Entry]) -> Iterator[Entry]:
    """As many entries after the place as are wanted, and one more."""
    return islice((each for each in entries if wanted.after is None or each.place < wanted.after), wanted.number + 1)


def _came_and_left(wanted: Wanted) -> Iterator[Entry]:
    member, tz = wanted.member, wanted.tz
    yield Entry(Kind.JOINED, "joined", day_start(member.joined_on, tz), on=member.joined_on)
    for each in LeaveRecord.of_member(wanted.tenant_id, int(member.ordinal)):
        yield Entry(Kind.LEFT, each.left_on.isoformat(), day_start(each.left_on, tz), on=each.left_on)
        if each.back_on is not None:
            yield Entry(Kind.RETURNED, each.back_on.isoformat(), day_start(each.back_on, tz), on=each.back_on)


def _events(wanted: Wanted) -> Iterator[Entry]:
    """Days in the shop of who does not object to figures, and answers to surveys, as long as events are kept: a month,
    and where that is not enough three times as many days before it, and so on.
    """
    last, first = wanted.last_on(), local_date(wanted.now - _KEPT, wanted.tz)
    found, window = 0, _WINDOW
    while last >= first and found <= wanted.number:
        begins = max(first, last - window)
        entries = _of_days(wanted, begins, last)
        found += len(entries)
        yield from entries
        last, window = begins - _DAY, 3 * window


def _of_days(wanted: Wanted, from_on: date, to_on: date) -> list[Entry]:
    visits: dict[date, Entry] = {}
    answers = []
    for each in events_of(wanted.tenant_id, int(wanted.member.ordinal), from_on, to_on, now=wanted.now):
        on = local_date(each.at, wanted.tz)
        if each.kind in BROWSED and not wanted.member.objects_to_figures:
            before = visits.get(on)
            visits[on] = Entry(Kind.VISIT, on.isoformat(), each.at, count=1 + ((before.count or 0) if before else 0))
        elif each.kind == ANSWERED:
            answers.append(Entry(Kind.SURVEY, sortable(each.at), each.at))
    found = (each for each in (*visits.values(), *answers) if each.kind in wanted.kinds)
    return [each for each in found if wanted.after is None or each.place < wanted.after]


SOURCES: Sequence[tuple[frozenset[Kind], Source]] = (
    (frozenset({Kind.ORDER}), _Index(Kind.ORDER, OrderRecord, "gsi2", member_orders, _order)),
    (frozenset({Kind.PURCHASE}), _purchases),
    (
        frozenset({Kind.COMPLAINT}),
        _Index(Kind.COMPLAINT, ComplaintRecord, "gsi2", ComplaintRecord.of_member, _case(Kind.COMPLAINT)),
    ),
    *(
        (
            frozenset({Kind.ENQUIRY}),
            _Index(Kind.ENQUIRY, EnquiryRecord, "gsi2", EnquiryRecord.of_member, _case(Kind.ENQUIRY), prefix),
        )
        for prefix in ("open#", "done#")
    ),
    (
        frozenset({Kind.SUGGESTION}),
        _Index(Kind.SUGGESTION, SuggestionRecord, "gsi2", SuggestionRecord.of_member, _case(Kind.SUGGESTION)),
    ),
    (
        frozenset({Kind.AFTER_SALE}),
        _Index(Kind.AFTER_SALE, AfterSaleRecord, "gsi2", AfterSaleRecord.of_member, _after_sale),
    ),
    (frozenset({Kind.REVIEW}), _Index(Kind.REVIEW, ReviewRecord, "gsi2", ReviewRecord.of_member, _review)),
    (
        frozenset({Kind.MESSAGE}),
        _Index(
            Kind.MESSAGE,
            NoticeRecord,
            "gsi1",
            lambda tenant_id, id_: NoticeRecord.told_to(tenant_id, str(Person.member(id_))),
            _message,
        ),
    ),
    (frozenset({Kind.POINTS}), _points),
    (frozenset({Kind.JOINED, Kind.LEFT, Kind.RETURNED}), _came_and_left),
    (frozenset({Kind.VISIT, Kind.SURVEY}), _events),
)
"""The sources, with the kinds that each gives."""
