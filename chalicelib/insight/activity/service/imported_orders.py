"""Orders that a brand imports become activity, each order reference exactly once.

A reference is claimed and its order written in one transaction, so neither is ever without the other, whoever else
imports the same file at the same moment. The claim names the job and row that made it: a slice that is worked again
after a crash recognises its own rows and counts them as it did before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import chain
from zoneinfo import ZoneInfo

from chalicelib.db import Refused, Transaction, at_once, fetch_many
from chalicelib.histories.model import Purchase
from chalicelib.histories.service import Bought, keep
from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.activity.model.rows import OPTIONAL, OrderRow
from chalicelib.insight.activity.service.dirty_days import mark_dirty
from chalicelib.insight.activity.service.purchases import imported_purchase
from chalicelib.insight.activity.service.united_members import unite_where_allowed
from chalicelib.insight.model.figures import UNKNOWN_HOUR
from chalicelib.insight.records import ActivityRecord, RefClaim
from chalicelib.members.linking.service.matching import match
from chalicelib.members.service.members import OrderDays, note_activity
from chalicelib.segments.service.evaluating import look_at

_ORDERS_A_TRANSACTION = 50
ALREADY_USED = "order_ref already used"

Numbered = tuple[int, OrderRow]


@dataclass(slots=True)
class Outcome:
    """What became of some rows: imported, known already with the same content, or refused by the first row's number.
    Of those that were imported so many were ``added`` to something that stood before.
    """

    imported: int = 0
    added: int = 0
    duplicates: int = 0
    errors: list[tuple[int, Reason]] = field(default_factory=list)


def take_in(tenant_id: str, job_id: str, numbered: Sequence[Numbered], tz: ZoneInfo, now: datetime) -> Outcome:
    """Writes the orders that are new and judges every row. Safe to repeat, also at the same time."""
    claims = _known_claims(tenant_id, [row for _, row in numbered])
    fresh: dict[str, Numbered] = {}
    for number, row in numbered:
        if row.order_ref not in claims:
            fresh.setdefault(row.order_ref, (number, row))
    own = {row.ordered_on for number, row in numbered if _is_own(claims.get(row.order_ref), job_id, number)}
    days = own | {row.ordered_on for _, row in fresh.values()}
    ordinals = _enrol(tenant_id, fresh.values(), now)
    # Marked before, so that a crash leaves no unseen order, and after, since a rollup may have run in between.
    mark_dirty(tenant_id, days)
    claims |= _write(tenant_id, job_id, list(fresh.values()), ordinals, tz)
    mine = [row for number, row in numbered if _is_own(claims.get(row.order_ref), job_id, number)]
    buyers = _keep_purchases(tenant_id, mine, ordinals)
    mark_dirty(tenant_id, days)
    look_at(tenant_id, buyers | set(ordinals.values()), now)
    return _judge(numbered, claims, job_id)


def judge(tenant_id: str, numbered: Sequence[Numbered], said: dict[str, str]) -> Outcome:
    """What :func:`take_in` would do, of which nothing is written. ``said`` has what the orders of rows before say, by
    their references, and is added to.
    """
    outcome = Outcome()
    claims = _known_claims(tenant_id, [row for _, row in numbered])
    for number, row in numbered:
        claim = claims.get(row.order_ref)
        standing = said.get(row.order_ref) if claim is None else claim.fingerprint
        if standing is None:
            said[row.order_ref] = row.fingerprint
            outcome.imported += row.rows
        elif standing == row.fingerprint:
            outcome.duplicates += row.rows
        else:
            outcome.errors.append((number, _already_used(row.order_ref)))
    return outcome


def _known_claims(tenant_id: str, rows: Sequence[OrderRow]) -> dict[str, RefClaim]:
    """The claims of references. One may stand as a file spelled it, with marks that nobody sees or that keep it from
    being a number, from when these were a part of it.
    """
    spelled = {row.spelled_ref: row.order_ref for row in rows if row.spelled_ref not in ("", row.order_ref)}
    unique = list(dict.fromkeys([*spelled, *(row.order_ref for row in rows)]))
    found = fetch_many([(RefClaim, *RefClaim.address(tenant_id, ref)) for ref in unique], consistent=True)
    pairs = zip(unique, found, strict=True)
    return {spelled.get(ref, ref): claim for ref, claim in pairs if claim is not None}


def _write(
    tenant_id: str, job_id: str, fresh: Sequence[Numbered], ordinals: Mapping[str, int], tz: ZoneInfo
) -> dict[str, RefClaim]:
    """Claims and writes; answers with the claim that now stands for each reference, ours or another's."""

    def write(some: Sequence[Numbered]) -> dict[str, RefClaim]:
        return _commit(
            {
                row.order_ref: (_claim(tenant_id, job_id, number, row), _activity(tenant_id, row, ordinals, tz))
                for number, row in some
            }
        )

    starts = range(0, len(fresh), _ORDERS_A_TRANSACTION)
    answers = at_once(partial(write, fresh[start : start + _ORDERS_A_TRANSACTION]) for start in starts)
    return dict(chain.from_iterable(each.items() for each in answers))


def _commit(pairs: dict[str, tuple[RefClaim, ActivityRecord]]) -> dict[str, RefClaim]:
    """One transaction; what another import claimed in the meantime drops out, and the rest is tried again."""
    # Nothing is read again after a refusal: it shows the claim that stands, and the others are written without it.
    claims = {ref: claim for ref, (claim, _) in pairs.items()}
    while pairs:
        tx = Transaction()
        for ref, (claim, activity) in pairs.items():
            tx.create(f"claim:{ref}", claim)
            tx.put(f"order:{ref}", activity)
        try:
            tx.commit()
            break
        except Refused as refused:
            for name in refused.names:
                ref, standing = name.removeprefix("claim:"), refused.item(name, RefClaim)
                claims[ref] = standing or claims[ref]
                del pairs[ref]
    return claims


def _enrol(tenant_id: str, fresh: Iterable[Numbered], now: datetime) -> dict[str, int]:
    """The ordinals of the members who ordered, by their names in the file. The days on which they were active are noted
    before the orders are written: a slice that is worked again finds those written, and would not come back to it.
    """
    days: dict[str, list[date]] = {}
    for _, row in fresh:
        days.setdefault(row.member, []).append(row.ordered_on)
    if not days:
        return {}
    matched = match(tenant_id, list(days), now, {name: (min(each), max(each)) for name, each in days.items()})
    for old, member in matched.doubles:
        unite_where_allowed(tenant_id, old, member, now)
    spans: dict[int, OrderDays] = {}
    for name, ordinal in matched.ordinals.items():
        known = [spans[ordinal].first_on, spans[ordinal].last_on] if ordinal in spans else []
        spans[ordinal] = OrderDays(min([*days[name], *known]), max([*days[name], *known]), joins=True)
    note_activity(tenant_id, {ordinal: span for ordinal, span in spans.items() if ordinal not in matched.joined})
    return matched.ordinals


def _claim(tenant_id: str, job_id: str, number: int, row: OrderRow) -> RefClaim:
    pk, sk = RefClaim.address(tenant_id, row.order_ref)
    return RefClaim(pk, sk, fingerprint=row.fingerprint, job_id=job_id, row=number)


def _keep_purchases(tenant_id: str, mine: Sequence[OrderRow], ordinals: Mapping[str, int]) -> set[int]:
    """Rows that this job has imported become purchases of their members: after they have been claimed, so that none is
    another's. Those of a slice that is worked again after a crash, too: whose they are stands in their activity.
    Returns the ordinals of all of them.
    """
    again = [row for row in mine if row.member not in ordinals]
    places = [(ActivityRecord, *ActivityRecord.of_ref(tenant_id, row.ordered_on, row.order_ref)) for row in again]
    known = fetch_many(places, consistent=True) if places else []
    whose = {row.order_ref: int(each.ordinal) for row, each in zip(again, known, strict=True) if each is not None}
    bought = [Bought(whose.get(row.order_ref, ordinals.get(row.member, 0)), _purchase(row)) for row in mine]
    keep(tenant_id, bought)
    return {each.ordinal for each in bought}


def _purchase(row: OrderRow) -> Purchase:
    return imported_purchase(row.order_ref, row.ordered_on, row.currency, row.amount_minor, row.quantity, row.category)


def _activity(tenant_id: str, row: OrderRow, ordinals: Mapping[str, int], tz: ZoneInfo) -> ActivityRecord:
    pk, sk = ActivityRecord.of_ref(tenant_id, row.ordered_on, row.order_ref)
    return ActivityRecord(
        pk,
        sk,
        ordinal=ordinals[row.member],
        amount_minor=row.amount_minor,
        currency=row.currency,
        quantity=row.quantity,
        hour=row.ordered_at.astimezone(tz).hour if row.ordered_at else UNKNOWN_HOUR,
        at=row.ordered_at,
        extra={name: getattr(row, name) for name in OPTIONAL if getattr(row, name)} or None,
        stored_parts=[each.json() for each in row.parts] or None,
        discounts={"imported": row.discount_minor} if row.discount_minor else None,
    )


def _judge(numbered: Sequence[Numbered], claims: Mapping[str, RefClaim], job_id: str) -> Outcome:
    outcome = Outcome()
    for number, row in numbered:
        claim = claims[row.order_ref]
        if _is_own(claim, job_id, number):
            outcome.imported += row.rows
        elif claim.fingerprint == row.fingerprint:
            outcome.duplicates += row.rows
        else:
            outcome.errors.append((number, _already_used(row.order_ref)))
    return outcome


def _already_used(ref: str) -> Reason:
    return Reason(
        f"{ALREADY_USED}: '{ref}' stands for another order; the rows of one order have to stand together",
        f"order_ref 已被使用：“{ref}”对应另一订单；同一订单的各行须相邻",
    )


def _is_own(claim: RefClaim | None, job_id: str, number: int) -> bool:
    return claim is not None and claim.job_id == job_id and claim.row == number
