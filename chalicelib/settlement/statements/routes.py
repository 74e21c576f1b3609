"""Statements over HTTP: for the brand's people, and for leaders their own."""

from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.media.service.downloads import hand_out
from chalicelib.settlement.books.forms import TableFormat
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.service.idempotency import Signed
from chalicelib.settlement.errors import (
    AboveBalance,
    PeriodInvalid,
    PeriodNotOver,
    StatementReplaced,
    TooManyLines,
    UnknownParty,
    WrongPaymentCurrency,
)
from chalicelib.settlement.statements.forms import NewPayout, NewStatement, PartyQuery, StatementQuery
from chalicelib.settlement.statements.service import paying, statements
from chalicelib.settlement.statements.service.statements import Statement
from chalicelib.settlement.statements.views import STATEMENT_HEADER, FrozenView, StatementView, statement_rows
from chalicelib.web import Answer, Call, Csv, File, Paged, Router, member, staff

routes = Router(__name__)

_LOOKS = staff("manager", "analyst")
_PAYS = staff("manager")


@routes.get(
    "/v1/statements", allow=_LOOKS, query=StatementQuery, answer=StatementView, csv=True, xlsx=True,
    tag="statements",
    errors=(PeriodInvalid, TooManyLines, UnknownParty),
    summary="Look at a leader's or supplier's account over some days, as it now stands",
)  # fmt: skip
def look_at_statement(call: Call[None]) -> StatementView | Csv | File | Answer:
    return _shown(call, statements.look(call.tenant_id, call.query.asked()))


@routes.get(
    "/v1/statements/frozen", allow=_LOOKS, query=PartyQuery, answer=FrozenView, paged=True, tag="statements",
    summary="List a party's frozen statements, the latest period first",
)  # fmt: skip
def list_frozen(call: Call[None]) -> Paged:
    page = statements.list_frozen(call.tenant_id, call.query.party, call.query.party_id, call.limit, call.cursor)
    return Paged([FrozenView.of(record) for record in page.items], page.last_key)


@routes.post(
    "/v1/statements", allow=_PAYS, body=NewStatement, answer=StatementView, status=201, tag="statements",
    idempotency=True, summary="Freeze the statement of a period that is over",
    errors=(PeriodInvalid, PeriodNotOver, TooManyLines, UnknownParty, IdempotencyMismatch),
)  # fmt: skip
def freeze_statement(call: Call[NewStatement]) -> StatementView:
    frozen = statements.freeze(call.tenant_id, call.body.asked(), _signed(call), call.now)
    return StatementView.of(frozen, call.locale)


@routes.get(
    "/v1/statements/{id}", allow=_LOOKS, query=TableFormat, answer=StatementView, csv=True, xlsx=True,
    tag="statements",
    errors=(NotFound,), summary="Read a frozen statement",
)  # fmt: skip
def read_statement(call: Call[None]) -> StatementView | Csv | File | Answer:
    record = statements.get_statement(call.tenant_id, call.path["id"])
    return _shown(call, statements.frozen_statement(record))


@routes.post(
    "/v1/statements/{id}/pay", allow=_PAYS, body=NewPayout, answer=FrozenView, tag="statements", idempotency=True,
    errors=(NotFound, WrongPaymentCurrency, AboveBalance, StatementReplaced, IdempotencyMismatch),
    summary="Note a payment on a frozen statement, at most what is owed",
)  # fmt: skip
def pay_statement(call: Call[NewPayout]) -> FrozenView:
    amount = call.body.amount.money()
    return FrozenView.of(paying.pay(call.tenant_id, call.path["id"], amount, _signed(call), call.now))


@routes.get(
    "/v1/stores/{slug}/leader/statements", allow=member(), answer=FrozenView, paged=True, tag="leader",
    summary="List my statements as a leader, the latest period first",
)  # fmt: skip
def own_statements(call: Call[None]) -> Paged:
    page = statements.list_frozen(call.tenant_id, Party.LEADER, call.member_id, call.limit, call.cursor)
    return Paged([FrozenView.of(record) for record in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/leader/statements/{id}", allow=member(), query=TableFormat, answer=StatementView, csv=True,
    xlsx=True, tag="leader", errors=(NotFound,), summary="Read one of my statements as a leader",
)  # fmt: skip
def read_own_statement(call: Call[None]) -> StatementView | Csv | File | Answer:
    record = statements.get_own(call.tenant_id, Party.LEADER, call.member_id, call.path["id"])
    return _shown(call, statements.frozen_statement(record))


def _signed(call: Call[NewStatement] | Call[NewPayout]) -> Signed:
    return Signed(call.idempotency_key, call.body_hash, call.principal)


def _shown(call: Call[None], statement: Statement) -> StatementView | Csv | File | Answer:
    asked = statement.asked
    if call.wants_table:
        name = f"statement-{asked.party}-{asked.from_on}-{asked.to_on}.csv"
        table = Csv(name, STATEMENT_HEADER, statement_rows(statement, call.locale))
        return hand_out(call, table, zone(statement.timezone))
    return StatementView.of(statement, call.locale)
