"""What is doubtful in a brand's data of some days."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from chalicelib.catalog.records import ProductRecord
from chalicelib.db import fetch_many
from chalicelib.insight.model import bitmaps, quality
from chalicelib.insight.model.habits import UNKNOWN, Bought
from chalicelib.insight.model.quality import MOST_MEMBERS, Rule, Someone
from chalicelib.insight.personas.model import Field
from chalicelib.insight.personas.service.reading import Known, known_members
from chalicelib.insight.reports.service.ranges import Range, read_range
from chalicelib.insight.reports.service.window import History, history
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import members_by_ordinal

EXAMPLES = 10
MOST_PRODUCTS = 500
"""Products of the range's orders, those in most of them first, that are looked up."""

_MONTH = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Example:
    """One of what was found: an order or product by id, a day, or a member by ordinal, with who else it resembles."""

    kind: str
    id: str
    member: int | None = None
    like: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """So many were found by a rule, of so many that were looked at; some of them are examples."""

    rule: Rule
    count: int
    of: int
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True)
class Quality:
    """The answer, with the members of examples by ordinal."""

    range: Range
    revision: int
    findings: Sequence[Finding]
    members: Mapping[int, MemberRecord]


def look(tenant_id: str, from_on: date | None, to_on: date | None, now: datetime) -> Quality:
    """Looks at a range of local days by every rule. Raises Invalid as ``read_range`` does."""
    found = read_range(tenant_id, from_on, to_on, now)
    known, past = known_members(tenant_id), history(tenant_id, found.to_on)
    findings = [
        *_doubles(tenant_id, found), *_gaps(found, past), *_orders(found), *_products(tenant_id, found),
        *_members(found, known),
    ]  # fmt: skip
    shown = {each for one in findings for example in one.examples for each in (example.member, example.like)}
    ordinals = sorted(each for each in shown if each is not None)
    members = {int(each.ordinal): each for each in members_by_ordinal(tenant_id, ordinals)} if ordinals else {}
    order = list(Rule)
    return Quality(
        found, past.revision + known.changes, sorted(findings, key=lambda each: order.index(each.rule)), members
    )  # fmt: skip


def _doubles(tenant_id: str, found: Range) -> list[Finding]:
    ordinals = sorted({each.ordinal for each in found.orders}, reverse=True)[:MOST_MEMBERS]
    people = [_someone(each) for each in members_by_ordinal(tenant_id, ordinals) if each.united_with is None]
    pairs = quality.double_members(people)
    examples = [Example("member", "", after.ordinal, before.ordinal) for before, after in pairs[:EXAMPLES]]
    files = [each for each in found.orders if not each.own]
    return [
        Finding(Rule.DOUBLE_MEMBERS, len(pairs), len(people), examples),
        _of_orders(
            Rule.DOUBLE_ORDERS, quality.doubled(found.orders), sum(each.at is not None for each in found.orders)
        ),
        _of_orders(Rule.NEAR_REFERENCES, quality.near_references(files), len(files)),
    ]


def _someone(member: MemberRecord) -> Someone:
    return Someone(
        int(member.ordinal), member.name or "", member.email or "", member.phone or "", member.birthday or ""
    )  # fmt: skip


def _of_orders(rule: Rule, orders: Sequence[Bought], of: int) -> Finding:
    return Finding(rule, len(orders), of, [_order(each) for each in orders[:EXAMPLES]])


def _order(each: Bought) -> Example:
    return Example("order", each.source, each.ordinal)


def _gaps(found: Range, past: History) -> list[Finding]:
    first, last = found.from_on - _MONTH, min(found.to_on, found.horizon.as_of)
    counts = {on: each.totals.orders for on, each in past.days(first, last).items()}
    empty = quality.gaps(counts, found.from_on, last)
    pending = [on for on in found.horizon.pending if on >= found.from_on]
    days = (found.to_on - found.from_on).days + 1
    return [
        Finding(Rule.GAPS, len(empty), days, [Example("day", on.isoformat()) for on in empty[:EXAMPLES]]),
        Finding(Rule.NOT_ROLLED_UP, len(pending), days, [Example("day", on.isoformat()) for on in pending[:EXAMPLES]]),
    ]


def _orders(found: Range) -> list[Finding]:
    lacking: Mapping[Rule, Callable[[Bought], bool]] = {
        Rule.NO_HOUR: lambda each: each.at is None,
        Rule.NO_CHANNEL: lambda each: not each.channel,
        Rule.NO_POINT: lambda each: not each.pickup_point,
        Rule.NO_PRODUCT: lambda each: list(each.products) == [UNKNOWN],
        Rule.NO_CATEGORY: lambda each: list(each.categories) == [UNKNOWN],
    }
    of = len(found.orders)
    missing = [_of_orders(rule, [each for each in found.orders if lacks(each)], of) for rule, lacks in lacking.items()]
    return [*missing, _of_orders(Rule.OUTLIERS, quality.outliers(found.orders), of)]


def _products(tenant_id: str, found: Range) -> list[Finding]:
    """Products of the platform's own orders that are no more, or have a variant without a cost."""
    times: dict[str, int] = {}
    for product_id in (part.product_id for each in found.orders if each.own for part in each.parts if part.product_id):
        times[product_id] = times.get(product_id, 0) + 1
    ids = sorted(times, key=lambda each: (-times[each], each))[:MOST_PRODUCTS]
    places = [(ProductRecord, *ProductRecord.address(tenant_id, each)) for each in ids]
    records = dict(zip(ids, fetch_many(places), strict=True)) if places else {}
    gone = [id_ for id_, product in records.items() if product is None]
    free = [id_ for id_, product in records.items() if product is not None and _lacks_cost(product)]
    return [
        Finding(rule, len(some), len(ids), [Example("product", each) for each in some[:EXAMPLES]])
        for rule, some in ((Rule.NO_COST, free), (Rule.UNKNOWN_PRODUCT, gone))
    ]


def _lacks_cost(product: ProductRecord) -> bool:
    return any(sku.cost_minor is None for sku in product.skus)


def _members(found: Range, known: Known) -> list[Finding]:
    everyone, persona_bits = known.members(found.to_on), known.persona_bits
    reached = bitmaps.union(persona_bits.groups.get(Field.MEDIA, {}).values())
    unreached = everyone & ~reached
    ordinals = islice(bitmaps.ordinals(unreached), EXAMPLES)
    strangers = [each for each in found.orders if not persona_bits.members >> each.ordinal & 1]
    of_waiting = strangers if not known.waiting else []
    unknown = [Example("order", each.source) for each in of_waiting[:EXAMPLES]]
    alone = [Example("member", "", each) for each in ordinals]
    return [
        Finding(Rule.NO_CONTACT, unreached.bit_count(), everyone.bit_count(), alone),
        Finding(Rule.UNKNOWN_MEMBER, len(of_waiting), len(found.orders), unknown),
    ]
