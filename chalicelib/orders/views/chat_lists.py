"""What the API shows of a pasted list."""

from collections.abc import Sequence
from typing import Literal, Self

from chalicelib.kernel.errors import DomainError
from chalicelib.members.records import MemberRecord
from chalicelib.orders.chat_orders.model import Doubt, Wanted
from chalicelib.orders.chat_orders.service.placing import Placed
from chalicelib.orders.chat_orders.service.reading import Matched
from chalicelib.web import Contact, View


class PersonView(View):
    """A member who is meant, or may be."""

    id: str
    name: Contact[str] | None
    phone: Contact[str] | None

    @classmethod
    def of(cls, member: MemberRecord, *, with_phone: bool) -> Self:
        return cls(id=member.id, name=member.called.name, phone=member.called.phone if with_phone else None)


class WantedView(View):
    """So many units; without ``offer_id`` somebody has to choose. ``said`` is how it was written."""

    said: str
    quantity: int
    offer_id: str | None
    doubts: list[Doubt]

    @classmethod
    def of(cls, wanted: Wanted) -> Self:
        doubts = sorted(wanted.doubts)
        return cls(said=wanted.said, quantity=wanted.quantity, offer_id=wanted.offer_id, doubts=doubts)


class ChatEntryView(View):
    """What one person wrote. ``state`` is ``sure`` where it may be placed as it is, ``doubtful`` where somebody has to
    look, ``placed`` where it has its order, ``changed`` where the list says otherwise than that order.
    """

    number: int
    name: Contact[str]
    nth: int
    line: Contact[str]
    phone: Contact[str] | None
    state: Literal["sure", "doubtful", "placed", "changed"]
    member: PersonView | None
    candidates: list[PersonView]
    wanted: list[WantedView]
    unread: list[Contact[str]]
    doubts: list[Doubt]
    order_id: str | None

    @classmethod
    def of(cls, matched: Matched, *, for_leader: bool) -> Self:
        """A leader is shown no member whom the list does not name."""
        entry = matched.entry
        member = PersonView.of(matched.member, with_phone=not for_leader) if matched.member else None
        candidates = [] if for_leader else [PersonView.of(each, with_phone=True) for each in matched.candidates]
        return cls(
            number=entry.number,
            name=entry.name,
            nth=entry.nth,
            line=entry.line,
            phone=matched.phone,
            state=_state(matched),
            member=member,
            candidates=candidates,
            wanted=[WantedView.of(each) for each in entry.wanted],
            unread=list(entry.unread),
            doubts=sorted(entry.doubts),
            order_id=matched.order.id if matched.order else None,
        )


def _state(matched: Matched) -> Literal["sure", "doubtful", "placed", "changed"]:
    if matched.order is not None:
        return "changed" if matched.changed else "placed"
    return "doubtful" if matched.doubts or matched.entry.unread else "sure"


class ChatListView(View):
    """The entries of a list, in its order."""

    entries: list[ChatEntryView]

    @classmethod
    def of(cls, found: Sequence[Matched], *, for_leader: bool = False) -> Self:
        return cls(entries=[ChatEntryView.of(each, for_leader=for_leader) for each in found])


class UnplacedView(View):
    """Why an entry was not placed."""

    code: str
    detail: str

    @classmethod
    def of(cls, refusal: DomainError, locale: str) -> Self:
        errors = [each.message_zh if locale == "zh" and each.message_zh else each.message for each in refusal.errors]
        detail = refusal.detail_zh if locale == "zh" and refusal.detail_zh else refusal.detail
        return cls(code=refusal.code, detail=" ".join(errors) or detail)


class PlacedEntryView(View):
    """What became of a confirmed entry; ``placed_before`` says that it had its order already."""

    name: Contact[str]
    nth: int
    order_id: str | None
    placed_before: bool
    problem: UnplacedView | None

    @classmethod
    def of(cls, placed: Placed, locale: str) -> Self:
        return cls(
            name=placed.confirmed.name,
            nth=placed.confirmed.nth,
            order_id=placed.order.id if placed.order else None,
            placed_before=placed.again,
            problem=UnplacedView.of(placed.refusal, locale) if placed.refusal else None,
        )


class ChatOrdersView(View):
    """What became of the confirmed entries, in their order."""

    entries: list[PlacedEntryView]

    @classmethod
    def of(cls, made: Sequence[Placed], locale: str) -> Self:
        return cls(entries=[PlacedEntryView.of(each, locale) for each in made])
