"""An endpoint is given a new secret, beside which the one in use signs for a while."""

from datetime import datetime, timedelta

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.tenancy import audit
from chalicelib.webhooks.errors import SecretUnreadable, TooManySecrets
from chalicelib.webhooks.model.secrets import MOST_OLD, Secrets, new_secret
from chalicelib.webhooks.records import EndpointRecord
from chalicelib.webhooks.service.endpoints import stored
from chalicelib.webhooks.service.vault import put_secrets, secrets_of


def rotate(
    tenant_id: str, endpoint_id: str, overlap: timedelta, if_match: int | None, by: Principal, now: datetime
) -> tuple[EndpointRecord, str]:
    """Answers the endpoint with its new secret, which is never shown again. Without an overlap every earlier secret
    ends at once. Raises NotFound, Stale and TooManySecrets.
    """
    secret = new_secret()

    def decide(record: EndpointRecord, tx: Transaction) -> EndpointRecord:
        check_revision(record, if_match)
        put_secrets(record, _rotated(record, secret, overlap, now), now)
        record.changed_at = now
        tx.replace("endpoint", record)
        hours = {"overlap_hours": overlap // timedelta(hours=1)}
        audit(tx, tenant_id, by, "webhook_endpoint.secret_rotated", f"webhook_endpoint:{record.id}", now, hours)
        return record

    return change(lambda: stored(tenant_id, endpoint_id), decide), secret


def _rotated(record: EndpointRecord, fresh: str, overlap: timedelta, now: datetime) -> Secrets:
    try:
        found = secrets_of(record).rotated(fresh, overlap, now)
    except SecretUnreadable:
        return Secrets(fresh)
    if len(found.old) > MOST_OLD:
        raise TooManySecrets(
            f"{MOST_OLD} earlier secrets still overlap; wait until one has ended, or rotate with 0 hours to end all.",
            detail_zh=f"已有 {MOST_OLD} 个旧密钥尚未失效；请等待其失效，或将重叠时间设为 0 小时使其全部失效。",
        )
    return found
