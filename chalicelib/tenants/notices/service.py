"""Owners, and who keeps a brand's programs running, are told what they alone can put right."""

from datetime import datetime
from urllib.parse import urlsplit

from chalicelib.notices.model.notices import Notice
from chalicelib.notices.telling.service import tell_team
from chalicelib.tenants.notices.model import BrandToConfirm, KeysOfLeaver, WebhookDisabled, WebhookGone
from chalicelib.tenants.records import AuditEntry
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.tenants.service.confirming import is_confirmed
from chalicelib.tenants.service.key_keepers import keys_kept_by


def tell_created(tenant_id: str, now: datetime) -> None:
    """Asks the owner of a new brand to confirm it, unless they have."""
    if is_confirmed(tenant_id):
        return
    tenant = get_tenant(tenant_id)
    notice = BrandToConfirm(tenant.name, tenant.slug)
    tell_team(tenant_id, notice, (tenant_id, notice.template), now, subject_id=tenant_id)


def tell_left_keys(tenant_id: str, entry_id: str, now: datetime) -> None:
    """Tells whose API keys have stopped with whoever left; nothing of those that were taken over or have ended."""
    entry = AuditEntry.fetch(AuditEntry.partition(tenant_id), entry_id, consistent=True)
    if entry is None or entry.changes is None:
        return
    left = str(entry.target).removeprefix("staff:")
    keys = tuple(kept.record.name for kept in keys_kept_by(tenant_id, left, now) if kept.status == "stopped")
    if not keys:
        return
    notice = KeysOfLeaver(get_tenant(tenant_id).name, entry.changes.get("name") or entry.changes["email"], keys)
    tell_team(tenant_id, notice, (left, notice.template), now, subject_id=left)


def tell_disabled(
    tenant_id: str, endpoint_id: str, url: str, reason: str, since: datetime, of: str, now: datetime
) -> None:
    """Tells that a program is sent no webhooks any more. Of its address the host is named: the rest may be a secret."""
    brand, host = get_tenant(tenant_id).name, urlsplit(url).hostname or ""
    notice: Notice = WebhookGone(brand, host) if reason == "gone" else WebhookDisabled(brand, host, since)
    tell_team(tenant_id, notice, (endpoint_id, of), now, subject_id=endpoint_id)
