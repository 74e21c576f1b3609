"""An invitation goes its way: it is told once and brought to mind once, until somebody joins by it or it is over.

Each step is noted together with the event that has the message leave, whose id follows from the invitation, and with
what it takes of the budgets: killed anywhere, it goes on where it was, and nobody hears anything twice. Where a budget
is spent, nothing is noted but when it is tried next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.coupons.records import BatchRecord
from chalicelib.coupons.service.by_cause import coupon_in_words
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.kernel.clock import sortable, zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.addresses import country_of_number
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import MemberRecord
from chalicelib.members.sign_in.model import Store
from chalicelib.notices.delivery.service.withholding import budgets_of_brand, is_confirmed, note_used_up
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Destination
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Recipient
from chalicelib.notices.settings.service import message_settings
from chalicelib.notices.suppression.records import SuppressedAddress
from chalicelib.notices.telling.service import tell_address
from chalicelib.rate_limits.model import TAKEN, Budget
from chalicelib.rate_limits.service import is_spent, look_at, spend
from chalicelib.recruitment.model.notices import InvitationReminder, PersonalInvitation
from chalicelib.recruitment.prospects.model import OPEN, State, budgets_of, leaves_at
from chalicelib.recruitment.prospects.records import ProspectRecord
from chalicelib.recruitment.prospects.service.prospects import may_come, places
from chalicelib.settings import required, settings
from chalicelib.telemetry import logger
from chalicelib.tenancy import brand_of

LEAVES = "prospect.message_leaves"


@dataclass(frozen=True, slots=True)
class _Due:
    """An invitation of which something is due, with the member to whom its address leads, whether mail to it has
    stopped, what a message to it takes of budgets, and which of these is spent.
    """

    prospect: ProspectRecord
    member: MemberRecord | None
    mail: SuppressedAddress | None
    budgets: Sequence[Budget]
    spent: Budget | None


def advance(tenant_id: str, prospect_id: str, now: datetime) -> None:
    """Does what is due of an invitation: it leaves, is brought to mind, or is over. Nothing leaves for who has become a
    member otherwise, whom the brand has blocked, or who has left, nor to an address that takes no mail.
    """

    def decide(found: _Due | None, tx: Transaction) -> None:
        if found is None:
            return
        prospect, member, mail = found.prospect, found.member, found.mail
        if prospect.state not in OPEN or prospect.next_at > now:
            return  # it has gone on already
        if member is not None and not member.unclaimed:
            prospect.end(State.JOINED, now)
            prospect.member_id = member.id
        elif not may_come(member):
            prospect.end(State.WITHDRAWN, now)
        elif now >= prospect.until_at:
            prospect.end(State.EXPIRED, now)
        elif mail is not None and mail.reachability.stops(now, Category.NEWS):
            prospect.end(State.UNREACHABLE, now)
        else:
            _go_on(tx, found, now)
        tx.replace("prospect", prospect)

    change(lambda: _read(tenant_id, prospect_id, now), decide)


def _go_on(tx: Transaction, due: _Due, now: datetime) -> None:
    prospect = due.prospect
    brand = brand_of(prospect.tenant_id)
    locale = prospect.locale or brand.locale
    to = Recipient(Person.member(prospect.id), locale, brand.timezone)
    chosen = message_settings(prospect.tenant_id)
    at = leaves_at(prospect.course, now, to, chosen)
    if at is not None and at <= now and due.spent is not None:
        logger.info("invitation_waits", limit=due.spent.limit)
        note_used_up(due.spent.limit)
        at = leaves_at(prospect.course, due.spent.whole_at(now), to, chosen)
    elif at is not None and at <= now:
        spend(tx, due.budgets, now)
        reminder = prospect.told_at is not None
        prospect.left(now)
        prospect.emit(
            LEAVES, now, prospect_id=prospect.id, invited_at=sortable(prospect.invited_at), reminder=reminder
        )  # fmt: skip
        at = leaves_at(prospect.course, now, to, chosen)
    prospect.next_at = prospect.until_at if at is None else at


def tell(tenant_id: str, prospect_id: str, invited_at: str, now: datetime, *, reminder: bool) -> None:
    """Sends the message of an invitation, once; none of one that is over meanwhile. Raises SettingMissing without
    PUBLIC_URL: a link that leads nowhere must not go out.
    """
    found = ProspectRecord.fetch(*ProspectRecord.address(tenant_id, prospect_id), consistent=True)
    if found is None or found.value is None or found.state_at(now) not in OPEN:
        return
    if sortable(found.invited_at) != invited_at:
        return  # of an earlier invitation
    brand = brand_of(tenant_id)
    shop = brand.shop(required(settings().public_url, "PUBLIC_URL"))
    kind = InvitationReminder if reminder else PersonalInvitation
    last_day = local_date(found.until_at - timedelta(microseconds=1), zone(brand.timezone))
    notice = kind(brand.name, _gift(found, now), last_day, f"{shop}/sign-in?invite={found.code}",
                  f"{shop}/decline/{found.code}")  # fmt: skip
    to = Destination("email" if found.kind == "email" else "sms", found.value, found.locale or brand.locale)
    tell_address(tenant_id, to, notice, ("prospect", prospect_id, invited_at, kind.template), now, TAKEN)


def _gift(found: ProspectRecord, now: datetime) -> InWords:
    place = None if found.batch_id is None else BatchRecord.address(found.tenant_id, found.batch_id)
    said = None if place is None else coupon_in_words(BatchRecord.fetch(*place), now)
    if said is None:
        return InWords("", "")
    return InWords(f"You get {said.en} when you join.", f"加入即可获得{said.zh}。")


def joined(member: MemberRecord, now: datetime) -> None:
    """Somebody has joined, by an invitation or not: whoever was invited at their addresses is, now. Nothing further is
    told.
    """
    tenant_id, by = member.tenant_id, str(member.joined_by)
    ids = [by.removeprefix("prospect:")] if by.startswith("prospect:") else []
    for each in member.identities:
        ids += ProspectRecord.ids_of(tenant_id, each) if each.kind in ("email", "phone") else ()
    for prospect_id in dict.fromkeys(ids):
        _note(tenant_id, prospect_id, member.id, now)


def _note(tenant_id: str, prospect_id: str, joined_id: str, now: datetime) -> None:
    place = ProspectRecord.address(tenant_id, prospect_id)

    def decide(found: ProspectRecord | None, tx: Transaction) -> None:
        if found is None or found.member_id is not None or found.state not in {*OPEN, State.JOINED}:
            return
        if found.state in OPEN:
            found.end(State.JOINED, now)
        found.member_id = joined_id
        tx.replace("prospect", found)

    change(lambda: ProspectRecord.fetch(*place, consistent=True), decide)


def _read(tenant_id: str, prospect_id: str, now: datetime) -> _Due | None:
    found = ProspectRecord.fetch(*ProspectRecord.address(tenant_id, prospect_id), consistent=True)
    if found is None or found.identity is None:
        return None
    budgets = _budgets(tenant_id, found.identity)
    wanted = [*places(tenant_id, found.identity), *(look_at(each, now) for each in budgets)]
    identity, mail, *used = fetch_many(wanted, consistent=True)
    member = None
    if identity is not None:
        place = MemberRecord.address_of_ordinal(tenant_id, int(identity.ordinal))
        member = MemberRecord.fetch(*place, consistent=True)
    spent = (budget for budget, each in zip(budgets, used, strict=True) if is_spent(budget, each))
    return _Due(found, member, mail, budgets, next(spent, None))


def _budgets(tenant_id: str, identity: Identity) -> list[Budget]:
    """What a message takes: of the store's own budgets first, and at last of what all brands share."""
    brand = brand_of(tenant_id)
    store = Store(tenant_id, is_confirmed(tenant_id), brand.timezone, brand.locale)
    country = country_of_number(identity.value) if identity.kind == "phone" else None
    medium = "sms" if identity.kind == "phone" else "email"
    of_brand = budgets_of_brand(tenant_id, medium, identity.value, share="prospects")
    return [*budgets_of(identity, store, country), *reversed(of_brand)]
