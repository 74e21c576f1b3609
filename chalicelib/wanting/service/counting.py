"""How much of what is wanted: counted in the same write as what a member keeps, so exactly."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pynamodb.expressions.update import Action

from chalicelib.db import TenantRecord, Transaction, fetch_many
from chalicelib.wanting.model.lists import Kept, part_of
from chalicelib.wanting.records import WaitingRecord, WantedRecord


@dataclass(slots=True)
class Counts:
    """What a transaction adds to the counts: of each part once, whoever it is for."""

    wanted: dict[tuple[str, int], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    waiting: dict[tuple[str, int], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    offers: dict[str, Kept] = field(default_factory=dict)

    def favourite(self, product_id: str, member_id: str, more: int) -> None:
        """A member keeps a product, or keeps it no more."""
        self.wanted[product_id, part_of(member_id)]["favourites"] += more

    def reminder(self, product_id: str, member_id: str, more: int) -> None:
        """A member asked to hear of a product, or wants it no more."""
        self.wanted[product_id, part_of(member_id)]["reminders"] += more

    def place(self, offer_id: str, member_id: str, kept: Kept, members: int, units: int) -> None:
        """A member waits for an offer, for other units of it, or no more."""
        self.offers[offer_id] = kept
        self.waiting[offer_id, part_of(member_id)].update(members=members, units=units)

    def into(self, tx: Transaction, tenant_id: str) -> None:
        """Adds them to a transaction. Whoever waits no more does not bring back an offer whose campaign is over."""
        for (product_id, part), more in self.wanted.items():
            _count(tx, WantedRecord, WantedRecord.address(tenant_id, product_id, part), more, [
                WantedRecord.product_id.set(product_id),
                WantedRecord.gsi1pk.set(WantedRecord.of_tenant(tenant_id)),
                WantedRecord.gsi1sk.set(f"{product_id}#{part}"),
            ])  # fmt: skip
        for (offer_id, part), more in self.waiting.items():
            kept = self.offers[offer_id]
            says = [
                WaitingRecord.campaign_id.set(kept.campaign_id), WaitingRecord.offer_id.set(offer_id),
                WaitingRecord.product_ids.set(list(kept.product_ids)),
            ]  # fmt: skip
            if more["members"] > 0:
                says += [
                    WaitingRecord.gsi1pk.set(WaitingRecord.of_tenant(tenant_id)),
                    WaitingRecord.gsi1sk.set(f"{kept.campaign_id}#{offer_id}#{part}"),
                ]
            _count(tx, WaitingRecord, WaitingRecord.address(tenant_id, offer_id, part), more, says)


def _count(
    tx: Transaction, record: type[TenantRecord], place: tuple[str, str], more: Counter[str], says: Sequence[Action]
) -> None:
    added = [getattr(record, name).add(units) for name, units in more.items() if units]
    if added:
        tx.update(f"count:{place[0]}", record, *place, actions=[*says, *added])


def take_off(tx: Transaction, tenant_id: str, offer_id: str) -> None:
    """Adds to a transaction that nothing of an offer is waited for now, since its campaign is over."""
    for n, (record, pk, sk) in enumerate(WaitingRecord.parts(tenant_id, offer_id)):
        off = [WaitingRecord.gsi1pk.remove(), WaitingRecord.gsi1sk.remove(), WaitingRecord.offer_id.set(offer_id)]
        tx.update(f"waiting:{n}", record, pk, sk, actions=off)


@dataclass(slots=True)
class Wanted:
    """How many want a product: ``units`` are waited for by ``members`` in campaigns that take orders now, ``by_offer``
    in which of their offers; ``reminders`` asked to hear of it, ``favourites`` keep it.
    """

    product_id: str
    units: int = 0
    members: int = 0
    reminders: int = 0
    favourites: int = 0
    campaign_ids: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.units or self.reminders or self.favourites)


def wanted_by_product(tenant_id: str) -> list[Wanted]:
    """Every product that somebody wants, the most waited for first; then by reminders, and by favourites. A bundle that
    is waited for counts with each of its products.
    """
    found: dict[str, Wanted] = defaultdict(lambda: Wanted(""))
    for part in WantedRecord.every(WantedRecord.of_tenant(tenant_id), index="gsi1"):
        of = found[part.product_id]
        of.favourites += int(part.favourites or 0)
        of.reminders += int(part.reminders or 0)
    for offer in WaitingRecord.every(WaitingRecord.of_tenant(tenant_id), index="gsi1"):
        for product_id in offer.product_ids:
            of = found[product_id]
            of.units += int(offer.units or 0)
            of.members += int(offer.members or 0)
            if offer.members and offer.campaign_id not in of.campaign_ids:
                of.campaign_ids.append(offer.campaign_id)
    for product_id, each in found.items():
        each.product_id = product_id
    wanted = [each for each in found.values() if each.any]
    return sorted(wanted, key=lambda each: (-each.units, -each.reminders, -each.favourites, each.product_id))


def count_of(tenant_id: str, product_id: str) -> Wanted:
    """How many keep a product and asked to hear of it; what is waited for is not among it."""
    parts = [each for each in fetch_many(WantedRecord.parts(tenant_id, product_id), consistent=True) if each]
    favourites = sum(int(each.favourites or 0) for each in parts)
    return Wanted(product_id, reminders=sum(int(each.reminders or 0) for each in parts), favourites=favourites)


def units_waited_for(tenant_id: str, offer_ids: Iterable[str]) -> dict[str, int]:
    """For how many units of each offer members wait, or waited when its campaign closed."""
    addresses = [place for offer_id in dict.fromkeys(offer_ids) for place in WaitingRecord.parts(tenant_id, offer_id)]
    units = Counter[str]()
    for part in fetch_many(addresses) if addresses else ():
        if part is not None and part.units:
            units[part.offer_id] += int(part.units)
    return dict(units)
