"""What states of invoices are called where the team reads them. Pure."""

from collections.abc import Mapping

from chalicelib.invoices.model.invoices import Status
from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_

STATES: Mapping[Status, State] = {
    Status.REQUESTED: State(N_("To be issued"), "warn"),
    Status.ISSUED: State(N_("Invoice issued"), "good"),
    Status.VOIDED: State(N_("Invoice voided"), "bad"),
    Status.WITHDRAWN: State(N_("Ended with its order")),
}
AWAITS_PAYMENT = State(N_("Waits for payment"))
"""One that is asked for, of an order that is not paid yet."""
