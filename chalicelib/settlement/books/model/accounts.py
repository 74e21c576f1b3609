"""The chart of accounts.

Money of customers lies in ``customer_funds`` (or ``deposits``) until their goods are handed over, and in
``refunds_payable`` from the decision to give it back until it has arrived. Only what is in ``sales``,
``delivery_income`` and ``forfeited`` is the brand's own. ``goods_cost`` is what the goods of campaigns cost;
``inventory`` what was bought beyond that for the brand's own shelf: what leaves the shelf again is not booked.
``remedies`` is what complaints cost beyond money given back, less what suppliers and the platform bear of it; what the
platform bears is in ``platform_receivable``. Goods that leave the shelf for a complaint are taken off ``inventory``;
``paid_in_kind`` has what members pay with instead of money: points and coupons that a complaint has given them, which
make a later order cheaper.
``unrecovered`` is what was lost to payers' disputes beyond what their orders still held.

Income is booked as it was paid. Where prices include tax, ``taxed_sales`` takes out again what of it bears tax, and by
rate ``net_sales`` has that without the tax, and ``tax_payable`` the tax, which is not the brand's own.
"""

from enum import StrEnum
from typing import Final

FUNDS: Final = "customer_funds"
DEPOSITS: Final = "deposits"
REFUNDS: Final = "refunds_payable"
SALES: Final = "sales"
DELIVERY: Final = "delivery_income"
RETURNS: Final = "sales_returns"
FORFEITED: Final = "forfeited"
FEES: Final = "provider_fees"
UNRECOVERED: Final = "unrecovered"
COMMISSION: Final = "commission_expense"
GOODS: Final = "goods_cost"
INVENTORY: Final = "inventory"
REMEDIES: Final = "remedies"
IN_KIND: Final = "paid_in_kind"
PLATFORM: Final = "platform_receivable"
BANK: Final = "bank"

CLEARING: Final = "clearing"
CASH: Final = "cash"
TAXED: Final = "taxed_sales"
NET: Final = "net_sales"
TAX: Final = "tax_payable"

COMMISSION_FROZEN: Final = "commission_frozen"
COMMISSION_PAYABLE: Final = "commission_payable"
SUPPLIER_PAYABLE: Final = "supplier_payable"

NO_LEADER: Final = "store"
"""Stands for the leader where a pickup point has none: the cash is with the brand's own people."""


class Kind(StrEnum):
    """What an account is; assets and expenses grow by debits, the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


_KINDS = {
    FUNDS: Kind.LIABILITY, DEPOSITS: Kind.LIABILITY, REFUNDS: Kind.LIABILITY,
    SALES: Kind.INCOME, DELIVERY: Kind.INCOME, FORFEITED: Kind.INCOME,
    RETURNS: Kind.EXPENSE, FEES: Kind.EXPENSE, UNRECOVERED: Kind.EXPENSE, COMMISSION: Kind.EXPENSE, GOODS: Kind.EXPENSE,
    REMEDIES: Kind.EXPENSE, IN_KIND: Kind.INCOME, PLATFORM: Kind.ASSET,
    BANK: Kind.ASSET, INVENTORY: Kind.ASSET, CLEARING: Kind.ASSET, CASH: Kind.ASSET,
    TAXED: Kind.EXPENSE, NET: Kind.INCOME, TAX: Kind.LIABILITY,
    COMMISSION_FROZEN: Kind.LIABILITY, COMMISSION_PAYABLE: Kind.LIABILITY, SUPPLIER_PAYABLE: Kind.LIABILITY,
}  # fmt: skip
_ADVANCED = "advanced"
_OF_ONE_PARTY = frozenset({CASH, COMMISSION_FROZEN, COMMISSION_PAYABLE, SUPPLIER_PAYABLE})


def clearing(provider: str) -> str:
    """What a payment provider holds for the brand."""
    return f"{CLEARING}:{provider}"


def cash(pickup_point_id: str, leader_id: str | None) -> str:
    """What was paid in cash at a pickup point and is still with the leader who took it."""
    return f"{cash_of(leader_id)}{pickup_point_id}"


def cash_of(leader_id: str | None) -> str:
    """How the accounts of the cash that a leader has begin, one for each pickup point."""
    return f"{CASH}:{leader_id or NO_LEADER}:"


def cash_account(account: str) -> str:
    """The cash of a leader at one pickup point, to which an account belongs: itself, or what was advanced from it."""
    return ":".join(account.split(":")[:3])


def advanced(account: str) -> str:
    """What a leader was paid back who had paid out more cash at a pickup point than was taken in there. Apart from the
    cash itself, since it came from no customer; both together are what the leader has.
    """
    return f"{cash_account(account)}:{_ADVANCED}"


def is_from_customers(account: str) -> bool:
    """Whether all that it was ever debited with is customers' money: what providers hold, and cash."""
    return head(account) in (CLEARING, CASH) and not account.endswith(f":{_ADVANCED}")


def commission_frozen(leader_id: str) -> str:
    """Commission earned that waits for the end of the after-sale window."""
    return f"{COMMISSION_FROZEN}:{leader_id}"


def commission_payable(leader_id: str) -> str:
    """Commission that is to be paid out."""
    return f"{COMMISSION_PAYABLE}:{leader_id}"


def supplier_payable(supplier_id: str) -> str:
    """What a supplier is owed for goods received."""
    return f"{SUPPLIER_PAYABLE}:{supplier_id}"


def net_sales(rate_bps: int) -> str:
    """What was sold at a rate of tax, without the tax."""
    return f"{NET}:{rate_bps}"


def tax_payable(rate_bps: int) -> str:
    """The tax in what was sold at a rate."""
    return f"{TAX}:{rate_bps}"


def is_of_tax(account: str) -> bool:
    """Whether it only divides income into what is the brand's own and the tax in it."""
    return head(account) in (TAXED, NET, TAX)


def head(account: str) -> str:
    """The account without whose it is: ``clearing`` of ``clearing:stripe``."""
    return account.partition(":")[0]


def kind_of(account: str) -> Kind:
    """What the account is. Raises KeyError for one that is not in the chart."""
    return _KINDS[head(account)]


def is_of_one_party(account: str) -> bool:
    """Whether it belongs to one leader or supplier; the others are moved by every order of the brand."""
    return head(account) in _OF_ONE_PARTY


def owner(account: str) -> str:
    """The account without its pickup point, if it has one: what belongs to one party lies together."""
    return ":".join(account.split(":")[:2])


def balance_of(account: str, debit_minor: int, credit_minor: int) -> int:
    """An account's balance as people read it: positive on the side on which accounts of its kind grow."""
    grows_by_debit = kind_of(account) in (Kind.ASSET, Kind.EXPENSE)
    return debit_minor - credit_minor if grows_by_debit else credit_minor - debit_minor
