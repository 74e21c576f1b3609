"""What the API shows of statements."""

from collections.abc import Iterator
from typing import Any, Self

from chalicelib.pricing.views import TaxView
from chalicelib.settlement.books.model.movements import Movement, movement, title
from chalicelib.settlement.books.model.parties import Line, Party
from chalicelib.settlement.books.views import StandingView
from chalicelib.settlement.statements.model import total
from chalicelib.settlement.statements.records import StatementRecord
from chalicelib.settlement.statements.service.statements import Statement
from chalicelib.web import Instant, LocalDate, MoneyField, View, columns

MOST_SHOWN = 1_000
"""Lines of a statement in one JSON answer; a table has all of them."""


class LineView(View):
    """What one journal changed for the party: ``kind``, and in the reader's language ``title``, say what it was.
    ``reference`` is the order, receipt, pickup point or statement. ``tax`` is the tax in what a leader's order sold or
    took back, or in what a supplier's goods cost, by rate.
    """

    at: Instant
    kind: Movement
    title: str
    cause: str
    reference: str
    journal_id: str
    moved: StandingView
    tax: list[TaxView]

    @classmethod
    def of(cls, line: Line, currency: str, language: str) -> Self:
        kind = movement(line)
        return cls(
            at=line.at, kind=kind, title=title(kind, language), cause=line.cause, reference=line.reference,
            journal_id=line.journal_id, moved=StandingView.of(line.moved, currency),
            tax=TaxView.each(line.tax, currency),
        )  # fmt: skip


class PayoutView(View):
    at: Instant
    by: str
    amount: MoneyField


class FrozenView(View):
    """A frozen statement. What it says never changes; payments on it are added. ``unpaid`` is what it leaves to pay.
    ``replaced_by`` is the next version of the same period, which has its payments and takes those to come.
    """

    id: str
    party: Party
    party_id: str
    from_on: LocalDate
    to_on: LocalDate
    timezone: str
    version: int
    opening: StandingView
    closing: StandingView
    line_count: int
    paid: MoneyField
    unpaid: MoneyField
    payments: list[PayoutView]
    frozen_at: Instant
    replaced_by: str | None

    @classmethod
    def of(cls, record: StatementRecord) -> Self:
        return cls(**_frozen(record))


class StatementView(View):
    """A party's account over local days. Until it is frozen ``id`` is null and it may still change; what was paid on
    the same days, where they were frozen before, is shown all the same. It shows the first thousand lines; a table
    (``format=csv``) has all. ``tax`` sums that of all its lines.
    """

    id: str | None
    party: Party
    party_id: str
    from_on: LocalDate
    to_on: LocalDate
    timezone: str
    version: int | None
    opening: StandingView
    closing: StandingView
    line_count: int
    lines: list[LineView]
    tax: list[TaxView]
    paid: MoneyField
    unpaid: MoneyField
    payments: list[PayoutView]
    frozen_at: Instant | None
    replaced_by: str | None

    @classmethod
    def of(cls, statement: Statement, language: str) -> Self:
        currency = statement.currency
        lines = [LineView.of(line, currency, language) for line in statement.lines[:MOST_SHOWN]]
        if statement.frozen is not None:
            return cls(**_frozen(statement.frozen), lines=lines, tax=TaxView.each(statement.tax, currency))
        asked, closing, noted = statement.asked, statement.closing, statement.noted
        paid = int(noted.paid_minor) if noted else 0
        return cls(
            id=None, version=None, frozen_at=None, replaced_by=None,
            payments=_payments(noted, currency) if noted else [],
            party=asked.party, party_id=asked.party_id, from_on=asked.from_on, to_on=asked.to_on,
            timezone=statement.timezone, line_count=len(statement.lines), lines=lines,
            tax=TaxView.each(statement.tax, currency),
            opening=StandingView.of(statement.opening, currency), closing=StandingView.of(closing, currency),
            paid=MoneyField.of(paid, currency), unpaid=MoneyField.of(max(0, closing.due_minor - paid), currency),
        )  # fmt: skip


def _frozen(record: StatementRecord) -> dict[str, Any]:
    currency = record.currency
    names = ("id", "party", "party_id", "from_on", "to_on", "timezone", "frozen_at", "replaced_by")
    return {name: getattr(record, name) for name in names} | {
        "version": int(record.version),
        "opening": StandingView.of(record.opening, currency),
        "closing": StandingView.of(record.closing, currency),
        "line_count": int(record.line_count),
        "paid": MoneyField.of(int(record.paid_minor), currency),
        "unpaid": MoneyField.of(record.unpaid_minor, currency),
        "payments": _payments(record, currency),
    }


def _payments(record: StatementRecord, currency: str) -> list[PayoutView]:
    return [
        PayoutView(at=each.at, by=each.by, amount=MoneyField.of(each.amount_minor, currency)) for each in record.payouts
    ]


STATEMENT_HEADER = columns(
    at=("At", "时间"), kind=("Kind", "类别"), title=("What it was", "事项"), cause=("Cause", "原因"),
    reference=("Reference", "关联编号"), journal=("Journal", "凭证"), payable_minor=("Payable", "应付"),
    cash_minor=("Cash in hand", "代收现金"), frozen_minor=("Frozen", "冻结"),
    due_after_minor=("Due after it", "结余应付"), currency=("Currency", "币种"), tax_rate=("Tax rate (%)", "税率（%）"),
    tax_base_minor=("Base", "不含税金额"), tax_minor=("Tax", "税额"),
)  # fmt: skip

_TaxCells = tuple[str | None, int | None, int | None]
_NO_TAX: _TaxCells = (None, None, None)
_OPENING = {"en": "Opening balance", "zh": "期初余额"}


def statement_rows(statement: Statement, language: str) -> Iterator[tuple[Any, ...]]:
    """A statement as a table: what each line changed, what is due after it, and the tax behind it. The first row is the
    opening. A line with several rates has a row for each, with its other amounts in the first, so that columns sum.
    """
    standing, currency = statement.opening, statement.currency
    first = (statement.starts_at, "opening", _OPENING[language], "opening", "", "")
    yield (*first, *standing.as_json(), standing.due_minor, currency, *_NO_TAX)
    for line in statement.lines:
        standing, kind = total(standing, [line]), movement(line)
        about = (line.at, kind.value, title(kind, language), line.cause, line.reference, line.journal_id)
        taxes: list[_TaxCells] = [(each.rate, each.base_minor, each.tax_minor) for each in line.tax]
        first_tax, *more = taxes or [_NO_TAX]
        yield (*about, *line.moved.as_json(), standing.due_minor, currency, *first_tax)
        for tax in more:
            yield (*about, None, None, None, None, currency, *tax)
