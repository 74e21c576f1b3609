"""What the API shows of a timeline."""

from typing import Self

from chalicelib.insight.timelines.forms import KindName
from chalicelib.insight.timelines.model import WORDS, Entry
from chalicelib.web import Contact, Instant, LocalDate, MoneyField, View


class TimelineAboutView(View):
    """What an entry is about, such as an order, by its kind and id."""

    type: str
    id: str


class TimelineEntryView(View):
    """One thing that a member did or was told. ``on`` is set where only the local day is known: then ``at`` is where
    that day begins. ``text`` is what they said, cut, or what a message is for; ``count`` how many events a visit has,
    or how many points came (or went, below zero). A visit is a local day in the shop, at its last event.
    """

    kind: KindName
    title: str
    id: str
    at: Instant
    on: LocalDate | None
    status: str | None
    text: Contact[str]
    amount: MoneyField | None
    count: int | None
    about: TimelineAboutView | None

    @classmethod
    def of(cls, entry: Entry, locale: str) -> Self:
        amount = None
        if entry.amount_minor is not None and entry.currency:
            amount = MoneyField.of(entry.amount_minor, entry.currency)
        return cls(
            kind=entry.kind.value,
            title=WORDS[entry.kind][1 if locale == "zh" else 0],
            id=entry.id,
            at=entry.at,
            on=entry.on,
            status=entry.status,
            text=entry.text,
            amount=amount,
            count=entry.count,
            about=TimelineAboutView(type=entry.about[0], id=entry.about[1]) if entry.about else None,
        )
