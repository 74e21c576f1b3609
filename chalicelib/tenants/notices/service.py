"""Owners, and who keeps a brand's programs running, are told what they alone can put right."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.service import of_team
from chalicelib.notices.telling.service import tell_person, tell_team
from chalicelib.telemetry import logger
from chalicelib.tenants.model import scopes_now
from chalicelib.tenants.notices.model import (
    BrandToConfirm,
    KeysOfLeaver,
    KeysOfLessened,
    StaffAdded,
    WebhookDisabled,
    WebhookGone,
    WorkStuck,
    in_words,
)
from chalicelib.tenants.records import AuditEntry, StaffRecord, Tenant
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.tenants.service.confirming import is_confirmed
from chalicelib.tenants.service.key_keepers import keys_kept_by

_OF_QUEUES: Mapping[str, InWords] = {
    "campaigns": InWords("a step of a campaign", "团购活动的一个步骤"),
    "orders": InWords("a step of some orders", "部分订单的一个步骤"),
    "payments": InWords("a payment or a refund", "一笔付款或退款"),
    "fulfilment": InWords("something of your purchases or your stock", "采购或库存的一项处理"),
    "settlement": InWords("something of your accounts", "账目的一项处理"),
    "service": InWords("a case, or a message about it", "一项售后、投诉或相关通知"),
    "imports": InWords("an import or an export", "一次导入或导出"),
    "rollup": InWords("the figures of a day", "某一天的数据汇总"),
    "notify": InWords("a message to somebody", "一条通知"),
}
"""What of a brand a queue is about."""


_SOMEBODY = InWords("Somebody of your team", "团队中有人")


def tell_created(tenant_id: str, now: datetime) -> None:
    """Asks the owner of a new brand to confirm it, unless they have."""
    if is_confirmed(tenant_id):
        return
    tenant = get_tenant(tenant_id)
    notice = BrandToConfirm(tenant.name, tenant.slug)
    tell_team(tenant_id, notice, (tenant_id, notice.template), now, subject_id=tenant_id)


def ask_to_confirm(tenant: Tenant, owner_id: str, now: datetime) -> None:
    """The same at once, from the request itself: so it comes before the code that the owner may ask for next. Should
    it not leave, the event of the sign-up brings it.
    """
    notice = BrandToConfirm(tenant.name, tenant.slug)
    cause = (tenant.id, notice.template)
    try:
        tell_person(tenant.id, Person.staff(owner_id), notice, cause, now, subject_id=tenant.id)
    except Exception:  # noqa: BLE001 - the brand exists, and the event is on its way
        logger.exception("confirmation_not_asked")


def tell_added(tenant_id: str, entry_id: str, now: datetime) -> None:
    """Tells somebody that they are on the team; nothing where they have left by now."""
    entry = AuditEntry.fetch(AuditEntry.partition(tenant_id), entry_id, consistent=True)
    staff_id = "" if entry is None else str(entry.target).removeprefix("staff:")
    person, tenant = StaffRecord.at(tenant_id, staff_id, consistent=True), get_tenant(tenant_id)
    if person is not None:
        notice = StaffAdded(tenant.name, in_words(person.roles), tenant.slug)
        tell_person(tenant_id, Person.staff(staff_id), notice, (staff_id,), now, subject_id=staff_id)


def tell_lessened_keys(tenant_id: str, entry_id: str, now: datetime) -> None:
    """Tells their keeper and the owners whose API keys a change of roles has stopped; nothing of those that somebody
    has taken over, that run again, or that did nothing before.
    """
    entry = AuditEntry.fetch(AuditEntry.partition(tenant_id), entry_id, consistent=True)
    if entry is None or entry.changes is None:
        return
    keeper_id, roles = str(entry.target).removeprefix("staff:"), entry.changes["roles"]
    kept = keys_kept_by(tenant_id, keeper_id, now)
    stopped = [each.record for each in kept if each.status == "stopped"]
    keys = tuple(
        key.name for key in stopped if scopes_now(key.scopes, roles["from"]) and not scopes_now(key.scopes, roles["to"])
    )
    if not keys:
        return
    name = next((each.keeper.name for each in kept if each.keeper), None)
    notice = KeysOfLessened(get_tenant(tenant_id).name, InWords(name, name) if name else _SOMEBODY, keys)
    readers = [Person.staff(keeper_id), *(each.person for each in of_team(tenant_id, notice.telling.roles))]
    for reader in dict.fromkeys(readers):
        tell_person(tenant_id, reader, notice, (keeper_id, entry_id), now, subject_id=keeper_id)


def tell_left_keys(tenant_id: str, entry_id: str, now: datetime) -> None:
    """Tells whose API keys have stopped with whoever left; nothing of those that were taken over or have ended."""
    entry = AuditEntry.fetch(AuditEntry.partition(tenant_id), entry_id, consistent=True)
    if entry is None or entry.changes is None:
        return
    left = str(entry.target).removeprefix("staff:")
    keys = tuple(kept.record.name for kept in keys_kept_by(tenant_id, left, now) if kept.status == "stopped")
    if not keys:
        return
    name = entry.changes.get("name")  # and no address: who keeps programs running is not told how to reach people
    who = InWords(name, name) if name else _SOMEBODY
    notice = KeysOfLeaver(get_tenant(tenant_id).name, who, keys)
    tell_team(tenant_id, notice, (left, notice.template), now, subject_id=left)


def named(url: str, description: str) -> InWords:
    """An endpoint as its brand knows it. Of its address the host is named: the rest may be a secret."""
    host = urlsplit(url).hostname or ""
    if not description:
        return InWords(host, host)
    return InWords(f"{description} ({host})", f"{description}（{host}）")


def tell_disabled(
    tenant_id: str, endpoint_id: str, where: InWords, reason: str, since: datetime, of: str, now: datetime
) -> None:
    """Tells that a program is sent no webhooks any more."""
    brand = get_tenant(tenant_id).name
    notice: Notice = WebhookGone(brand, where) if reason == "gone" else WebhookDisabled(brand, where, since)
    tell_team(tenant_id, notice, (endpoint_id, of), now, subject_id=endpoint_id)


def tell_stuck(tenant_id: str, queue: str, since: datetime, now: datetime) -> None:
    """Tells owners that something waits for the platform's people, once a day for each kind of work."""
    what = _OF_QUEUES.get(queue)
    if what is not None:
        notice = WorkStuck(get_tenant(tenant_id).name, what, since)
        tell_team(tenant_id, notice, (queue, f"{since:%Y-%m-%d}"), now)
