"""Cash that is handed in, over HTTP."""

from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.settlement.books.service.idempotency import Signed
from chalicelib.settlement.books.views import JournalView
from chalicelib.settlement.cash import service as cash
from chalicelib.settlement.cash.forms import CashHandedIn
from chalicelib.settlement.errors import AboveBalance, UnknownParty, WrongPaymentCurrency
from chalicelib.web import Call, Router, staff

routes = Router(__name__)


@routes.post(
    "/v1/ledger/cash", allow=staff("manager"), body=CashHandedIn, answer=JournalView, status=201,
    tag="ledger", idempotency=True, errors=(UnknownParty, WrongPaymentCurrency, AboveBalance, IdempotencyMismatch),
    summary="Note cash that a leader collected at pickup and handed in",
)  # fmt: skip
def note_cash(call: Call[CashHandedIn]) -> JournalView:
    sent = call.body
    money = sent.amount.money()
    signed = Signed(call.idempotency_key, call.body_hash, call.principal)
    return JournalView.of(cash.hand_in(call.tenant_id, sent.pickup_point_id, sent.leader_id, money, signed, call.now))
