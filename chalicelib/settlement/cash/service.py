"""Cash that leaders collected at pickup points and handed in, outside the product, is written into the books."""

from datetime import datetime
from functools import partial

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money
from chalicelib.members.records import MemberRecord
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.amounts import above, check_currency
from chalicelib.settlement.books.model.journals import Debits, journal_id
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.records import BalanceRecord, JournalRecord
from chalicelib.settlement.books.service.idempotency import Signed, check_same
from chalicelib.settlement.books.service.posting import Draft, add
from chalicelib.settlement.errors import UnknownParty
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


def hand_in(
    tenant_id: str, pickup_point_id: str, leader_id: str, amount: Money, signed: Signed, now: datetime
) -> JournalRecord:
    """Books cash that a leader collected at a pickup point and handed in; once for each Idempotency-Key.

    Raises UnknownParty for an unknown pickup point or leader, WrongPaymentCurrency, AboveBalance above what the leader
    has of that point, IdempotencyMismatch.
    """
    _check_known(tenant_id, pickup_point_id, leader_id)
    check_currency(amount, get_tenant(tenant_id).currency)
    account = chart.cash(pickup_point_id, leader_id)
    cause = f"cash_handed_in:{derived_id(tenant_id, 'hand_in', signed.key)}"
    moved = {chart.BANK: amount.amount_minor, account: -amount.amount_minor}
    draft = Draft(cause, moved, amount.currency, pickup_point_id, parties=((Party.LEADER, leader_id),))

    def decide(found: JournalRecord | None, tx: Transaction) -> JournalRecord:
        if found is not None:
            _check_same_movement(found, moved, signed)
            return found
        stated = {"amount_minor": amount.amount_minor}
        audit(tx, tenant_id, signed.by, "cash.handed_in", f"member:{leader_id}", now, stated)
        return _hand_in(tx, tenant_id, draft, account, now)

    address = JournalRecord.address(tenant_id, journal_id(tenant_id, cause))
    return change(partial(JournalRecord.fetch, *address, consistent=True), decide)


def _hand_in(tx: Transaction, tenant_id: str, draft: Draft, account: str, now: datetime) -> JournalRecord:
    both = (account, chart.advanced(account))
    found = fetch_many([(BalanceRecord, *BalanceRecord.address(tenant_id, each, "")) for each in both], consistent=True)
    parts = dict(zip(both, found, strict=True))
    amount, has = draft.moved[chart.BANK], sum(int(part.debit_minor - part.credit_minor) for part in found if part)
    if has < amount:
        raise above(Money(has, draft.currency))
    return add(tx, tenant_id, draft, now, {each: int(part.entries) for each, part in parts.items() if part})


def _check_known(tenant_id: str, pickup_point_id: str, leader_id: str) -> None:
    addresses = [
        (PickupPointRecord, *PickupPointRecord.address(tenant_id, pickup_point_id)),
        (MemberRecord, *MemberRecord.address(tenant_id, leader_id)),
    ]
    point, leader = fetch_many(addresses)
    if point is None:
        message = "There is no such pickup point."
        raise UnknownParty.at("/pickup_point_id", message, "该自提点不存在。")
    if leader is None:
        raise UnknownParty.at("/leader_id", "There is no such member.", "没有该会员。")


def _check_same_movement(found: JournalRecord, moved: Debits, signed: Signed) -> None:
    same = {entry.account: entry.debit_minor for entry in found.entries} == dict(moved)
    check_same(signed.body_hash if same else "", signed)
