"""The books over HTTP: accounts, journals and what became of all money."""

from chalicelib.kernel.clock import zone
from chalicelib.media.service.downloads import hand_out
from chalicelib.settlement.books.forms import JournalQuery, TableFormat
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
from chalicelib.settlement.errors import PeriodInvalid
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Answer, Call, Csv, File, Paged, Router, staff

routes = Router(__name__)

_LOOKS = staff("manager", "analyst")


@routes.get(
    "/v1/ledger/accounts", allow=_LOOKS, query=TableFormat, answer=AccountView, paged=True, csv=True, xlsx=True,
    tag="ledger",
    summary="List the accounts that were ever moved, by name, with their balances",
)  # fmt: skip
def list_accounts(call: Call[None]) -> Paged | Csv | File | Answer:
    currency = get_tenant(call.tenant_id).currency
    if call.wants_table:
        rows = account_rows(balances.every(call.tenant_id), currency)
        return hand_out(call, Csv("accounts.csv", ACCOUNT_HEADER, rows))
    found, more = balances.page(call.tenant_id, (call.cursor or {}).get("after", ""), call.limit)
    return Paged([AccountView.of(each, currency) for each in found], {"after": found[-1].account} if more else None)


@routes.get(
    "/v1/ledger/summary", allow=_LOOKS, answer=ProofView, tag="ledger",
    summary="Read what became of all money that customers paid, by the accounts",
)  # fmt: skip
def prove_accounts(call: Call[None]) -> ProofView:
    return ProofView.of(balances.proof(call.tenant_id), get_tenant(call.tenant_id).currency)


@routes.get(
    "/v1/ledger/journals", allow=_LOOKS, query=JournalQuery, answer=JournalView, paged=True, csv=True, xlsx=True,
    tag="ledger",
    errors=(PeriodInvalid,), summary="List journals, newest first; as a table the first 5,000, oldest first",
)  # fmt: skip
def list_journals(call: Call[None]) -> Paged | Csv | File | Answer:
    wanted = call.query.wanted()
    if call.wants_table:
        rows = journal_rows(reading.journals(call.tenant_id, wanted))
        tz = zone(get_tenant(call.tenant_id).timezone)
        return hand_out(call, Csv("journals.csv", JOURNAL_HEADER, rows), tz)
    page = reading.list_journals(call.tenant_id, wanted, call.limit, call.cursor)
    return Paged([JournalView.of(journal) for journal in page.items], page.last_key)
