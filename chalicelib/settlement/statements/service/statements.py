"""Statements of leaders and suppliers: looked at as they stand, or frozen for good."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from chalicelib.db import Page, Transaction, change, fetch_many
from chalicelib.fulfilment.suppliers.records import SupplierRecord
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import derived_id
from chalicelib.members.records import MemberRecord
from chalicelib.pricing.model.tax import Tax, plus
from chalicelib.settlement.books.model.parties import Line, Party, Standing
from chalicelib.settlement.books.model.periods import period
from chalicelib.settlement.books.records import PartyLine
from chalicelib.settlement.books.service.idempotency import Signed, check_same
from chalicelib.settlement.errors import TooManyLines, UnknownParty
from chalicelib.settlement.statements.model import check_over, total
from chalicelib.settlement.statements.records import (
    LINES_IN_A_PART,
    MOST_PARTS,
    FrozenRecord,
    StatementPart,
    StatementRecord,
)
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

MOST_LINES = LINES_IN_A_PART * MOST_PARTS


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose statement is wanted, of which local days, both included; ``place`` is ``?`` where a query asks."""

    party: Party
    party_id: str
    from_on: date
    to_on: date
    place: str = "/"


@dataclass(frozen=True, slots=True)
class Statement:
    """A party's account over a period; ``frozen`` is its record, None where it may still change: then ``noted`` is the
    last statement that was frozen of the same days, if one was, with what was paid on it.
    """

    asked: Asked
    timezone: str
    currency: str
    starts_at: datetime
    ends_at: datetime
    opening: Standing
    lines: list[Line]
    frozen: StatementRecord | None = None
    noted: StatementRecord | None = None

    @property
    def closing(self) -> Standing:
        return total(self.opening, self.lines)

    @property
    def tax(self) -> Tax:
        """The tax of all lines, by rate."""
        return tuple(each for each in plus(*(line.tax for line in self.lines)) if each.gross_minor)


@dataclass(frozen=True, slots=True)
class _Found:
    """The statement that a request froze before, the last one of its party, and the version of the same days before
    it, where there are any.
    """

    stored: StatementRecord | None
    last: FrozenRecord | None
    before: StatementRecord | None


def look(tenant_id: str, asked: Asked) -> Statement:
    """The account of a period as it now stands, with what was paid on it if it was frozen before. Raises PeriodInvalid,
    UnknownParty, TooManyLines.
    """
    _check_party(tenant_id, asked)
    last = _last_frozen(tenant_id, asked)
    noted = last.statement_of(asked.from_on, asked.to_on) if last else None
    drawn = _drawn_up(tenant_id, asked, last)
    return replace(drawn, noted=get_statement(tenant_id, noted)) if noted else drawn


def freeze(tenant_id: str, asked: Asked, signed: Signed, now: datetime) -> Statement:
    """Freezes the account of a period that is over, once for each Idempotency-Key.

    Freezing the same days again gives the next version: it says the same, since nothing is booked in a past period, and
    keeps what was paid on the one before it.
    Raises PeriodInvalid, UnknownParty, PeriodNotOver, TooManyLines, IdempotencyMismatch.
    """
    _check_party(tenant_id, asked)
    statement_id = derived_id(tenant_id, "statement", signed.key)

    def decide(found: _Found, tx: Transaction) -> Statement:
        if found.stored is not None:
            check_same(found.stored.body_hash, signed)
            return frozen_statement(found.stored.as_after(int(found.stored.inherited)))
        drawn = _drawn_up(tenant_id, asked, found.last)
        check_over(drawn.ends_at, now)
        last = found.last or FrozenRecord(*FrozenRecord.address(tenant_id, asked.party, asked.party_id))
        frozen = _freeze(tx, statement_id, drawn, last, found.before, signed, now)
        if found.last is None:
            tx.create("last", last)
        else:
            tx.replace("last", last)
        return frozen

    return change(partial(_read, tenant_id, asked, statement_id), decide)


def get_statement(tenant_id: str, statement_id: str) -> StatementRecord:
    """A frozen statement without its lines. Raises NotFound."""
    found = StatementRecord.fetch(*StatementRecord.address(tenant_id, statement_id), consistent=True)
    if found is None:
        raise _unknown(statement_id)
    return found


def get_own(tenant_id: str, party: Party, party_id: str, statement_id: str) -> StatementRecord:
    """A party's own frozen statement. Raises NotFound, also for another's."""
    found = StatementRecord.fetch(*StatementRecord.address(tenant_id, statement_id), consistent=True)
    if found is None or (found.party, found.party_id) != (party.value, party_id):
        raise _unknown(statement_id)
    return found


def frozen_statement(record: StatementRecord) -> Statement:
    """A frozen statement with its lines."""
    asked = Asked(Party(record.party), record.party_id, record.from_on, record.to_on)
    parts = StatementPart.every(record.pk, begins_with="lines#", consistent=True)
    return Statement(
        asked, record.timezone, record.currency, record.starts_at, record.ends_at, record.opening,
        [line for part in parts for line in part.lines], record,
    )  # fmt: skip


def list_frozen(
    tenant_id: str, party: Party, party_id: str, limit: int, cursor: dict[str, Any] | None
) -> Page[StatementRecord]:
    """A party's frozen statements, the latest period first."""
    partition = StatementRecord.of_party(tenant_id, party, party_id)
    return StatementRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor)


def _check_party(tenant_id: str, asked: Asked) -> None:
    if asked.party is Party.LEADER:
        known = MemberRecord.at(tenant_id, asked.party_id) is not None
    else:
        known = SupplierRecord.fetch(*SupplierRecord.address(tenant_id, asked.party_id)) is not None
    if not known:
        message = f"There is no such {'member' if asked.party is Party.LEADER else 'supplier'}."
        raise UnknownParty.at(f"{asked.place}party_id", message, "没有该结算对象。")


def _unknown(statement_id: str) -> NotFound:
    return NotFound("There is no such statement.", detail_zh="没有该对账单。")


def _read(tenant_id: str, asked: Asked, statement_id: str) -> _Found:
    stored, last = fetch_many(
        [
            (StatementRecord, *StatementRecord.address(tenant_id, statement_id)),
            (FrozenRecord, *FrozenRecord.address(tenant_id, asked.party, asked.party_id)),
        ],
        consistent=True,
    )
    replaced = last.statement_of(asked.from_on, asked.to_on) if last and not stored else None
    return _Found(stored, last, get_statement(tenant_id, replaced) if replaced else None)


def _last_frozen(tenant_id: str, asked: Asked) -> FrozenRecord | None:
    address = FrozenRecord.address(tenant_id, asked.party, asked.party_id)
    return FrozenRecord.fetch(*address, consistent=True)


def _drawn_up(tenant_id: str, asked: Asked, last: FrozenRecord | None) -> Statement:
    """The account of a period. It opens with the last frozen closing balance, if that is before it, and with what was
    booked since; so the work does not grow with the years.
    """
    tenant = get_tenant(tenant_id)
    start, end = period(asked.from_on, asked.to_on, tenant.timezone, asked.place)
    opening, since = Standing(), None
    if last is not None and last.through is not None and last.through <= start:
        opening, since = Standing(*last.stored_closing), last.through
    opening = total(opening, _lines(tenant_id, asked, since, start))
    lines = []
    for line in _lines(tenant_id, asked, start, end):
        lines.append(line)
        if len(lines) > MOST_LINES:
            raise TooManyLines.at(
                f"{asked.place}to_on",
                f"More than {MOST_LINES} lines; choose a shorter period.",
                "明细过多，请缩短账期。",
            )
    return Statement(asked, tenant.timezone, tenant.currency, start, end, opening, lines)


def _lines(tenant_id: str, asked: Asked, since: datetime | None, until: datetime) -> Any:
    partition = PartyLine.partition(tenant_id, asked.party, asked.party_id)
    found = PartyLine.every(partition, between=PartyLine.between(since, until), consistent=True)
    return (each.line for each in found)


def _freeze(
    tx: Transaction,
    statement_id: str,
    drawn: Statement,
    last: FrozenRecord,
    before: StatementRecord | None,
    signed: Signed,
    now: datetime,
) -> Statement:
    tenant_id, asked, parts = last.tenant_id, drawn.asked, _in_parts(drawn.lines)
    record = StatementRecord(
        *StatementRecord.address(tenant_id, statement_id),
        id=statement_id, party=asked.party.value, party_id=asked.party_id, from_on=asked.from_on, to_on=asked.to_on,
        timezone=drawn.timezone, starts_at=drawn.starts_at, ends_at=drawn.ends_at, currency=drawn.currency,
        version=last.next_version(asked.from_on, asked.to_on, statement_id),
        stored_opening=drawn.opening.as_json(), stored_closing=drawn.closing.as_json(),
        line_count=len(drawn.lines), parts=len(parts), frozen_at=now, frozen_by=signed.by.label,
        body_hash=signed.body_hash,
    )  # fmt: skip
    if last.through is None or last.through < drawn.ends_at:
        last.through, last.stored_closing = drawn.ends_at, drawn.closing.as_json()
    if before is not None:
        record.go_on_from(before)
        tx.replace("before", before)
    tx.create("statement", record)
    for number, lines in enumerate(parts):
        address = StatementPart.address(tenant_id, statement_id, number)
        tx.create(f"lines:{number}", StatementPart(*address, stored_lines=[line.as_json() for line in lines]))
    audit(tx, tenant_id, signed.by, "statement.frozen", f"statement:{statement_id}", now)
    return replace(drawn, frozen=record)


def _in_parts(lines: Sequence[Line]) -> list[Sequence[Line]]:
    return [lines[start : start + LINES_IN_A_PART] for start in range(0, len(lines), LINES_IN_A_PART)]
