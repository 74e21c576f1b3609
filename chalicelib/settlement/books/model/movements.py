"""What a line of a statement is called: for each cause of a journal, in the words of who reads it. Pure."""

from enum import StrEnum

from chalicelib.settlement.books.model.parties import Line, Standing
from chalicelib.settlement.books.model.remedies import LINE


class Movement(StrEnum):
    """What a journal was for the party whose statement it stands in."""

    HANDED_OVER = "handed_over"
    CASH_TAKEN = "cash_taken"
    CASH_HANDED_IN = "cash_handed_in"
    REFUND_PAID = "refund_paid"
    COMMISSION_EARNED = "commission_earned"
    COMMISSION_RELEASED = "commission_released"
    COMMISSION_REVERSED = "commission_reversed"
    GOODS_RECEIVED = "goods_received"
    CHARGED = "charged"
    CHARGE_RETURNED = "charge_returned"
    PAID = "paid"
    CORRECTED = "corrected"


TITLES = {
    Movement.HANDED_OVER: ("Order handed over: cash taken, commission earned", "订单已交付：收取现金并产生佣金"),
    Movement.CASH_TAKEN: ("Cash taken", "收取现金"),
    Movement.CASH_HANDED_IN: ("Cash handed in", "上交现金"),
    Movement.REFUND_PAID: ("Refund paid out in cash", "现金退款"),
    Movement.COMMISSION_EARNED: ("Commission earned", "产生佣金"),
    Movement.COMMISSION_RELEASED: ("Commission became payable", "佣金可结算"),
    Movement.COMMISSION_REVERSED: ("Commission taken back for a refund", "因退款扣回佣金"),
    Movement.CHARGED: ("Charged for what made a complaint good", "承担投诉补偿"),
    Movement.CHARGE_RETURNED: ("Charge taken back", "投诉补偿承担冲回"),
    Movement.GOODS_RECEIVED: ("Goods received", "收到货物"),
    Movement.PAID: ("Paid", "已付款"),
    Movement.CORRECTED: ("Correction", "更正"),
}
"""In English and in Chinese."""

CHARGED = "charged"
"""How the cause of a line begins that an order's journal has in a supplier's statement."""

_OF_CAUSE = {
    "payout": Movement.PAID,
    "cash_handed_in": Movement.CASH_HANDED_IN,
    "refund_paid": Movement.REFUND_PAID,
    "release": Movement.COMMISSION_RELEASED,
    "receipt": Movement.GOODS_RECEIVED,
}


def movement(line: Line) -> Movement:
    """What a line is: its cause says so, or else what it moves."""
    if line.cause.partition(":")[0] in (CHARGED, LINE):
        taken = line.moved.payable_minor + line.moved.frozen_minor
        return Movement.CHARGED if taken < 0 else Movement.CHARGE_RETURNED
    return _OF_CAUSE.get(line.cause.partition(":")[0]) or own_movement(line.moved)


def own_movement(moved: Standing) -> Movement:
    """What a change of an order was for its leader, by what it moved."""
    commission = moved.frozen_minor + moved.payable_minor
    if moved.cash_minor > 0:
        return Movement.HANDED_OVER if commission > 0 else Movement.CASH_TAKEN
    if commission > 0:
        return Movement.COMMISSION_EARNED
    return Movement.COMMISSION_REVERSED if commission < 0 else Movement.CORRECTED


def title(what: Movement, language: str) -> str:
    """Its name for a reader of ``en`` or ``zh``."""
    return TITLES[what][language == "zh"]
