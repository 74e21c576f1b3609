"""Accounts and causes of the books in plain words, and whose an account is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.kernel.percent import percent_text
from chalicelib.pages.shell.words import N_
from chalicelib.settlement.books.model import accounts as chart

ACCOUNTS: Mapping[str, str] = {
    chart.FUNDS: N_("Customers' money for goods not handed over"),
    chart.DEPOSITS: N_("Customers' deposits"),
    chart.REFUNDS: N_("Refunds under way"),
    chart.SALES: N_("Sales"),
    chart.DELIVERY: N_("Delivery fees earned"),
    chart.FORFEITED: N_("Kept of what was not collected"),
    chart.RETURNS: N_("Given back for returns"),
    chart.FEES: N_("Fees of payment providers"),
    chart.UNRECOVERED: N_("Lost to disputes of payments"),
    chart.COMMISSION: N_("Commission of leaders"),
    chart.GOODS: N_("What goods cost"),
    chart.REMEDIES: N_("What complaints cost beyond money back"),
    chart.IN_KIND: N_("Points and coupons from complaints"),
    chart.PLATFORM: N_("Owed by the platform"),
    chart.INVENTORY: N_("Bought for your own shelf"),
    chart.TAXED: N_("Income that bears tax, taken out"),
    chart.NET: N_("Sales without tax"),
    chart.TAX: N_("Tax owed on sales"),
    chart.BANK: N_("Your bank account"),
    chart.CLEARING: N_("With the payment provider"),
    chart.CASH: N_("Cash at pickup points"),
    chart.COMMISSION_FROZEN: N_("Commission that may still change"),
    chart.COMMISSION_PAYABLE: N_("Owed to a leader"),
    chart.SUPPLIER_PAYABLE: N_("Owed to a supplier"),
}

KINDS: Mapping[str, str] = {
    "asset": N_("What you have"),
    "liability": N_("What you owe"),
    "income": N_("What you earned"),
    "expense": N_("What it cost"),
}

PROVIDERS: Mapping[str, str] = {"stripe": "Stripe", "wechat": N_("WeChat Pay"), "test": N_("Test payment")}

CAUSES: Mapping[str, str] = {
    "payment": N_("A customer paid"),
    "handover": N_("An order was handed over"),
    "forfeit": N_("An order was not collected"),
    "cash_taken": N_("Cash was taken"),
    "cash_handed_in": N_("A leader handed cash in"),
    "refund": N_("A refund was decided"),
    "refund_paid": N_("A refund arrived"),
    "given_back": N_("A payment went back"),
    "dispute": N_("A payment was disputed"),
    "receipt": N_("Goods were received"),
    "payout": N_("A leader or supplier was paid"),
    "release": N_("Commission became payable"),
    "commission_earned": N_("Commission was earned"),
    "commission_reversed": N_("Commission was taken back"),
    "remedy": N_("A complaint was made good"),
    "tax": N_("The tax in a sale changed"),
    "corrected": N_("A correction"),
}

OTHER = N_("Another entry")


@dataclass(frozen=True, slots=True)
class Account:
    """An account in words: its name, what is special of it (a provider), and whose statement it leads to: ``leaders``
    or ``suppliers`` and an id, or neither; ``rate`` is the rate of tax that it is of, in per cent.
    """

    account: str
    name: str
    detail: str = ""
    party: str = ""
    party_id: str = ""
    rate: str = ""


def said(account: str) -> Account:
    """An account in words."""
    head, *rest = account.split(":")
    name = ACCOUNTS.get(head, account)
    whose = rest[0] if rest else ""
    if head == chart.CLEARING:
        return Account(account, name, PROVIDERS.get(whose, whose))
    if head in (chart.NET, chart.TAX):
        return Account(account, name, rate=percent_text(int(whose)))
    if head == chart.CASH and whose == chart.NO_LEADER:
        return Account(account, name)
    if head in (chart.CASH, chart.COMMISSION_FROZEN, chart.COMMISSION_PAYABLE):
        return Account(account, name, party="leaders", party_id=whose)
    if head == chart.SUPPLIER_PAYABLE:
        return Account(account, name, party="suppliers", party_id=whose)
    return Account(account, name)


def cause_said(cause: str) -> str:
    """Why a journal was booked, in words."""
    return CAUSES.get(cause.partition(":")[0], OTHER)
