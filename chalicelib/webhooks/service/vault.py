"""The endpoints' secrets, sealed for their place."""

from datetime import datetime

from chalicelib.sealing import Vault
from chalicelib.webhooks.errors import SecretUnreadable
from chalicelib.webhooks.model.secrets import Secrets
from chalicelib.webhooks.records import EndpointRecord

_vault = Vault("webhooks vault")


def put_secrets(record: EndpointRecord, secrets: Secrets, now: datetime) -> None:
    """Seals an endpoint's secrets into its record."""
    record.sealed = _vault.seal(secrets.as_json(), record.tenant_id, record.id)
    record.old_secrets_end_at = secrets.old_end_at(now)


def secrets_of(record: EndpointRecord) -> Secrets:
    """An endpoint's secrets. Raises SecretUnreadable where they do not open."""
    found = _vault.unseal_or_none(record.sealed, record.tenant_id, record.id)
    if found is None:
        raise SecretUnreadable(
            "The secret of this endpoint cannot be read any more; rotate it, and use the new one.",
            detail_zh="该接收地址的签名密钥已无法读取，请更换密钥。",
        )
    return Secrets.from_json(found)
