"""Which messages leave: those within the budgets that came with them, or else within what their brand may send."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.mailboxes import mailbox
from chalicelib.kernel.remembering import to_forget
from chalicelib.notices.model.notices import OF_SIGN_IN, Queued
from chalicelib.notices.records import ConfirmedBrand
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.rate_limits.service import let_through
from chalicelib.telemetry import count, logger

_confirmed: set[str] = set()
"""Brands that this process has seen confirmed; they stay so."""
to_forget(_confirmed.clear)


def limit_met(tenant_id: str, queued: Queued, now: datetime) -> LimitReached | None:
    """Takes what the message needs of its budgets; else answers the limit that holds it back."""
    if queued.ways:
        return let_through(queued.ways, now)
    if queued.template in OF_SIGN_IN:
        return None  # queued by a version that named no budgets
    return limit_met_at(tenant_id, queued.to.medium, queued.to.address, now)


def limit_met_at(
    tenant_id: str, medium: str, address: str, now: datetime, *, owed: bool = False
) -> LimitReached | None:
    """Takes what a message needs of what its brand may send; else answers the limit that holds it back. ``owed`` is one
    of somebody's order, money or access who has signed in to the store with the address.
    """
    return let_through([budgets_of_brand(tenant_id, medium, address, owed=owed)], now)


def budgets_of_brand(
    tenant_id: str, medium: str, address: str, *, share: str = "notices", owed: bool = False
) -> list[Budget]:
    """What a message needs of what its brand may send; ``share`` is the kind of messages whose texts it is counted
    with, so that these use up nothing of any other's.
    """
    confirmed = is_confirmed(tenant_id)
    # A share of their own: who makes a hundred brands in two hours must not use up everybody's.
    counted_with = share if confirmed else f"{share} of new brands"
    budgets = [Budget.of("texts_a_day", counted_with)] if medium == "sms" else []
    return budgets if confirmed else [*budgets, *_of_new_brand(tenant_id, medium, address, owed=owed)]


def _of_new_brand(tenant_id: str, medium: str, address: str, *, owed: bool) -> Sequence[Budget]:
    """Anybody makes a brand in anybody's name, with whomever as its people: until an owner has signed in, few a day
    leave it, and few to one address from all such brands together. An order that the brand wrote down for somebody is
    such a message too; one of a member who came by themselves takes nothing of what leaves the brand.
    """
    person = mailbox(address) if medium == "email" else address
    recipient = Budget.of("messages_of_new_brands_a_recipient", medium, person)
    return [recipient] if owed else [Budget.of("messages_a_new_brand", tenant_id), recipient]


def is_confirmed(tenant_id: str) -> bool:
    """Whether an owner of the brand has ever signed in."""
    if tenant_id not in _confirmed and ConfirmedBrand.fetch(*ConfirmedBrand.address(tenant_id)):
        _confirmed.add(tenant_id)
    return tenant_id in _confirmed


def note_withheld(met: LimitReached, medium: str, template: str) -> None:
    """Logs and counts a message that a limit holds back."""
    logger.warning("message_withheld", channel=medium, template=template, limit=met.limit)
    count("MessagesWithheld", 1)
    note_used_up(met.limit)


def note_used_up(limit: str) -> None:
    """Counts that a limit was met that all brands share."""
    if limit == "texts_a_day":
        count("TextsUsedUp", 1)  # the whole platform's: an alarm watches this
