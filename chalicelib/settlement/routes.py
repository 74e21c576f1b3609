"""The books over HTTP: accounts and journals, statements, what leaders see of their own, and a campaign's end."""

from chalicelib.campaigns.lifecycle.service.advancing import AfterSaleOpen
from chalicelib.campaigns.model.campaign import MoveRefused
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.service import balances, reading
from chalicelib.settlement.books.views import (
    ACCOUNT_HEADER,
    JOURNAL_HEADER,
    AccountView,
    JournalView,
    ProofView,
    account_rows,
    journal_rows,
)
from chalicelib.settlement.campaigns.service import result as campaigns
from chalicelib.settlement.campaigns.views import CampaignSettlementView
from chalicelib.settlement.errors import (
    AboveBalance,
    NotCompleted,
    PeriodInvalid,
    PeriodNotOver,
    StillOutstanding,
    TooManyLines,
    UnknownParty,
    WrongPaymentCurrency,
)
from chalicelib.settlement.forms import (
    CashHandedIn,
    JournalQuery,
    NewPayout,
    NewStatement,
    PartyQuery,
    StatementQuery,
    TableFormat,
)
from chalicelib.settlement.statements.service import paying, statements
from chalicelib.settlement.statements.service.statements import Signed, Statement
from chalicelib.settlement.statements.views import (
    STATEMENT_HEADER,
    CommissionView,
    FrozenView,
    StandingView,
    StatementView,
    statement_rows,
)
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Call, Csv, Paged, Router, member, staff

routes = Router(__name__)

_LOOKS = staff("manager", "analyst")
_PAYS = staff("manager")


@routes.get(
    "/v1/ledger/accounts", allow=_LOOKS, query=TableFormat, answer=AccountView, paged=True, csv=True, tag="ledger",
    summary="List the accounts that were ever moved, by name, with their balances",
)  # fmt: skip
def list_accounts(call: Call[None]) -> Paged | Csv:
    currency = get_tenant(call.tenant_id).currency
    if call.wants_csv:
        return Csv("accounts.csv", ACCOUNT_HEADER, account_rows(balances.every(call.tenant_id), currency))
    found, more = balances.page(call.tenant_id, (call.cursor or {}).get("after", ""), call.limit)
    return Paged([AccountView.of(each, currency) for each in found], {"after": found[-1].account} if more else None)


@routes.get(
    "/v1/ledger/summary", allow=_LOOKS, answer=ProofView, tag="ledger",
    summary="What became of all money that customers paid, by the accounts",
)  # fmt: skip
def prove_accounts(call: Call[None]) -> ProofView:
    return ProofView.of(balances.proof(call.tenant_id), get_tenant(call.tenant_id).currency)


@routes.get(
    "/v1/ledger/journals", allow=_LOOKS, query=JournalQuery, answer=JournalView, paged=True, csv=True, tag="ledger",
    errors=(PeriodInvalid,), summary="List journals, newest first; as a table the first 5,000, oldest first",
)  # fmt: skip
def list_journals(call: Call[None]) -> Paged | Csv:
    wanted = call.query.wanted()
    if call.wants_csv:
        return Csv("journals.csv", JOURNAL_HEADER, journal_rows(reading.journals(call.tenant_id, wanted)))
    page = reading.list_journals(call.tenant_id, wanted, call.limit, call.cursor)
    return Paged([JournalView.of(journal) for journal in page.items], page.last_key)


@routes.post(
    "/v1/ledger/cash", allow=_PAYS, body=CashHandedIn, answer=JournalView, status=201, tag="ledger", idempotency=True,
    errors=(UnknownParty, WrongPaymentCurrency, AboveBalance, IdempotencyMismatch),
    summary="Note cash that a leader collected at pickup and handed in",
)  # fmt: skip
def note_cash(call: Call[CashHandedIn]) -> JournalView:
    sent = call.body
    money = sent.amount.money()
    signed = _signed(call)
    return JournalView.of(paying.hand_in(call.tenant_id, sent.pickup_point_id, sent.leader_id, money, signed, call.now))


@routes.get(
    "/v1/statements", allow=_LOOKS, query=StatementQuery, answer=StatementView, csv=True, tag="statements",
    errors=(PeriodInvalid, TooManyLines, UnknownParty),
    summary="Look at a leader's or supplier's account over some days, as it now stands",
)  # fmt: skip
def look_at_statement(call: Call[None]) -> StatementView | Csv:
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
    return StatementView.of(statements.freeze(call.tenant_id, call.body.asked(), _signed(call), call.now))


@routes.get(
    "/v1/statements/{id}", allow=_LOOKS, query=TableFormat, answer=StatementView, csv=True, tag="statements",
    errors=(NotFound,), summary="Read a frozen statement",
)  # fmt: skip
def read_statement(call: Call[None]) -> StatementView | Csv:
    record = statements.get_statement(call.tenant_id, call.path["id"])
    return _shown(call, statements.frozen_statement(record))


@routes.post(
    "/v1/statements/{id}/pay", allow=_PAYS, body=NewPayout, answer=FrozenView, tag="statements", idempotency=True,
    errors=(NotFound, WrongPaymentCurrency, AboveBalance, IdempotencyMismatch),
    summary="Note a payment on a frozen statement, at most what is owed",
)  # fmt: skip
def pay_statement(call: Call[NewPayout]) -> FrozenView:
    amount = call.body.amount.money()
    return FrozenView.of(paying.pay(call.tenant_id, call.path["id"], amount, _signed(call), call.now))


@routes.get(
    "/v1/stores/{slug}/leader/balance", allow=member(), answer=StandingView, tag="leader",
    summary="What I am owed as a leader, what is still frozen, and the cash that I have to hand in",
)  # fmt: skip
def own_balance(call: Call[None]) -> StandingView:
    return StandingView.of(reading.standing(call.tenant_id, call.member_id), get_tenant(call.tenant_id).currency)


@routes.get(
    "/v1/stores/{slug}/leader/commissions", allow=member(), answer=CommissionView, paged=True, tag="leader",
    summary="List what I earn as a leader, order by order, the latest handover first",
)  # fmt: skip
def own_commissions(call: Call[None]) -> Paged:
    page = reading.commissions(call.tenant_id, call.member_id, call.limit, call.cursor)
    return Paged([CommissionView.of(book) for book in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/leader/statements", allow=member(), answer=FrozenView, paged=True, tag="leader",
    summary="List my statements as a leader, the latest period first",
)  # fmt: skip
def own_statements(call: Call[None]) -> Paged:
    page = statements.list_frozen(call.tenant_id, Party.LEADER, call.member_id, call.limit, call.cursor)
    return Paged([FrozenView.of(record) for record in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/leader/statements/{id}", allow=member(), query=TableFormat, answer=StatementView, csv=True,
    tag="leader", errors=(NotFound,), summary="Read one of my statements as a leader",
)  # fmt: skip
def read_own_statement(call: Call[None]) -> StatementView | Csv:
    record = statements.get_own(call.tenant_id, Party.LEADER, call.member_id, call.path["id"])
    return _shown(call, statements.frozen_statement(record))


@routes.get(
    "/v1/campaigns/{id}/settlement", allow=_LOOKS, answer=CampaignSettlementView, tag="campaigns", errors=(NotFound,),
    summary="What a campaign has earned by the books, and what is not settled yet",
)  # fmt: skip
def read_settlement(call: Call[None]) -> CampaignSettlementView:
    return _settlement(get_campaign(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/campaigns/{id}/settle", allow=_PAYS, answer=CampaignSettlementView, tag="campaigns",
    errors=(NotFound, NotCompleted, StillOutstanding, MoveRefused, AfterSaleOpen),
    summary="Settle a completed campaign of which nothing is outstanding",
)  # fmt: skip
def settle_campaign(call: Call[None]) -> CampaignSettlementView:
    return _settlement(campaigns.settle(call.tenant_id, call.path["id"], call.principal, call.now))


def _settlement(campaign: CampaignRecord) -> CampaignSettlementView:
    found = campaigns.result(campaign.tenant_id, campaign.id)
    return CampaignSettlementView.of(campaign.id, campaign.status, campaign.currency, found)


def _signed(call: Call[CashHandedIn] | Call[NewStatement] | Call[NewPayout]) -> Signed:
    return Signed(call.idempotency_key, call.body_hash, call.principal)


def _shown(call: Call[None], statement: Statement) -> StatementView | Csv:
    asked = statement.asked
    if call.wants_csv:
        name = f"statement-{asked.party}-{asked.from_on}-{asked.to_on}.csv"
        return Csv(name, STATEMENT_HEADER, statement_rows(statement))
    return StatementView.of(statement)
