"""A brand reads and sets how its messages go out; those who send know it for a minute."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.remembering import for_a_minute
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Cap, MessageSettings, QuietHours
from chalicelib.notices.settings.model import AccountTemplate, BrandMessages, OfficialAccount
from chalicelib.notices.settings.records import MessageSettingsRecord
from chalicelib.sealing import Vault
from chalicelib.tenancy import audit

_HIDDEN, _HINT_LETTERS = "…", 4
_vault = Vault("messages vault")


def message_settings(tenant_id: str) -> MessageSettings:
    """What a brand has decided for whoever asked for nothing else; up to a minute old."""
    return brand_messages(tenant_id).settings


@for_a_minute(most=2_000)
def brand_messages(tenant_id: str) -> BrandMessages:
    """All that a brand has decided about its messages; up to a minute old."""
    return _of(MessageSettingsRecord.fetch(*MessageSettingsRecord.address(tenant_id)))


def secret_of(tenant_id: str, found: BrandMessages) -> str | None:
    """The secret of the brand's official account; None where it does not open, since its key no longer counts."""
    if found.account is None:
        return None
    opened = _vault.unseal_or_none(found.sealed, *MessageSettingsRecord.sealed_for(tenant_id))
    return None if opened is None else str(opened)


def get_settings(tenant_id: str) -> tuple[BrandMessages, int]:
    """What is set now, and its revision, which is 0 until something is."""
    found = _stored(tenant_id)
    return _of(found), int(found.rev) if found else 0


def set_settings(
    tenant_id: str, wanted: BrandMessages, secret: str | None, if_match: int | None, by: Principal, now: datetime
) -> tuple[BrandMessages, int]:
    """Sets all of it. Without a ``secret``, or with its hint for one, that of the same official account stays. Raises
    Stale, and Invalid for an account without a secret.
    """

    def decide(found: MessageSettingsRecord | None, tx: Transaction) -> tuple[BrandMessages, int]:
        record = found or MessageSettingsRecord(*MessageSettingsRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        before = _of(found)
        sealed, hint = _secret(tenant_id, wanted.account, secret, before)
        after = BrandMessages(wanted.settings, wanted.account, sealed, hint)
        if found is not None and after == before:
            return before, int(record.rev)
        _fill(record, after, now)
        if found is None:
            record.rev = 1
            tx.create("settings", record)
        else:
            tx.replace("settings", record)
        audit(tx, tenant_id, by, "message_settings.changed", f"tenant:{tenant_id}", now, _told(before, after))
        return after, int(record.rev)

    answer = change(lambda: _stored(tenant_id), decide)
    brand_messages.forget()
    return answer


def _stored(tenant_id: str) -> MessageSettingsRecord | None:
    return MessageSettingsRecord.fetch(*MessageSettingsRecord.address(tenant_id), consistent=True)


def _secret(
    tenant_id: str, account: OfficialAccount | None, secret: str | None, before: BrandMessages
) -> tuple[str, str]:
    """The sealed secret of the account, and its hint: a new one, or the one that it has already."""
    if account is None:
        return "", ""
    known = before.account is not None and before.account.app_id == account.app_id
    if known and secret in (None, before.hint):
        return before.sealed, before.hint
    if secret is not None and not secret.startswith(_HIDDEN):
        return _vault.seal(secret, *MessageSettingsRecord.sealed_for(tenant_id)), _HIDDEN + secret[-_HINT_LETTERS:]
    raise Invalid.at(
        "/official_account/secret",
        "Give the whole secret of this official account, all 32 characters: it is not known yet.",
        "请填写该公众号完整的 AppSecret（32 个字符）：系统尚未保存。",
    )


def _of(record: MessageSettingsRecord | None) -> BrandMessages:
    """What a brand has set, or else what is usual."""
    if record is None:
        return BrandMessages()
    quiet, account = record.quiet_hours, record.account
    settings = MessageSettings(
        tuple(record.channels),
        QuietHours(time.fromisoformat(quiet["begins"]), time.fromisoformat(quiet["ends"])) if quiet else None,
        {Category(name): Cap(int(cap["most"]), int(cap["days"])) for name, cap in record.caps.items()},
        {channel: Decimal(price) for channel, price in record.prices.items()},
    )
    return BrandMessages(settings, _account(account) if account else None, record.sealed or "", record.hint or "")


def _account(stored: Mapping[str, Any]) -> OfficialAccount:
    templates = {name: AccountTemplate(**template) for name, template in stored["templates"].items()}
    return OfficialAccount(stored["app_id"], templates)


def _fill(record: MessageSettingsRecord, wanted: BrandMessages, now: datetime) -> None:
    told = _plain(wanted)
    record.channels, record.quiet_hours = told["channels"], told["quiet_hours"]
    record.caps, record.prices, record.account = told["caps"], told["prices"], told["official_account"]
    record.sealed, record.hint, record.updated_at = wanted.sealed or None, wanted.hint or None, now


def _plain(messages: BrandMessages) -> dict[str, Any]:
    """As it is stored and shown in the log, without a secret."""
    chosen, quiet = messages.settings, messages.settings.quiet_hours
    return {
        "channels": list(chosen.channels),
        "quiet_hours": {"begins": f"{quiet.begins:%H:%M}", "ends": f"{quiet.ends:%H:%M}"} if quiet else None,
        "caps": {category.value: {"most": cap.most, "days": cap.days} for category, cap in chosen.caps.items()},
        "prices": {channel: str(price) for channel, price in chosen.prices.items()},
        "official_account": asdict(messages.account) if messages.account else None,
    }


def _told(before: BrandMessages, after: BrandMessages) -> dict[str, Any]:
    """What the audit log says: each part that changed, and that a secret was given."""
    old, new = _plain(before), _plain(after)
    changed = {name: new[name] for name in new if new[name] != old[name]}
    return changed | ({"secret": "replaced"} if after.account and after.sealed != before.sealed else {})
