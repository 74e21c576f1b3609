"""An endpoint's deliveries: read, and sent again by hand."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Transaction, change, fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.tenancy import audit
from chalicelib.webhooks.errors import EndpointIsDisabled
from chalicelib.webhooks.model.attempts import Status
from chalicelib.webhooks.records import DeliveryRecord, EndpointRecord, EventBody, StandingRecord
from chalicelib.webhooks.service.endpoints import missing, stored
from chalicelib.webhooks.service.standings import put_standing


def deliveries(
    tenant_id: str, endpoint_id: str, status: Status | None, limit: int, cursor: dict[str, Any] | None
) -> Page[DeliveryRecord]:
    """A page of an endpoint's deliveries, newest first; of all, or of those with a status. Raises NotFound."""
    stored(tenant_id, endpoint_id)
    return DeliveryRecord.page(
        DeliveryRecord.partition_of(tenant_id, endpoint_id, status),
        index="gsi2" if status else "gsi1",
        newest_first=True,
        limit=limit,
        cursor=cursor,
    )


def send_again(tenant_id: str, endpoint_id: str, delivery_id: str, by: Principal, now: datetime) -> DeliveryRecord:
    """Has a delivery tried at once, and from the first attempt on, whatever came of it before: the same body under the
    same id. It ends a pause of the endpoint: whoever asks for it has looked. Raises NotFound and EndpointIsDisabled.
    """

    def read() -> list[Any]:
        endpoint, delivery, standing = fetch_many(
            [
                (EndpointRecord, *EndpointRecord.address(tenant_id, endpoint_id)),
                (DeliveryRecord, *DeliveryRecord.address(tenant_id, delivery_id)),
                (StandingRecord, *StandingRecord.address(tenant_id, endpoint_id)),
            ],
            consistent=True,
        )
        if endpoint is None:
            raise missing()
        if delivery is None or delivery.endpoint_id != endpoint_id:
            raise NotFound("There is no such delivery to this endpoint.", detail_zh="未找到该条通知记录。")
        return [endpoint, delivery, standing]

    def decide(found: list[Any], tx: Transaction) -> DeliveryRecord:
        endpoint: EndpointRecord = found[0]
        delivery: DeliveryRecord = found[1]
        standing: StandingRecord | None = found[2]
        if not endpoint.active:
            raise EndpointIsDisabled(
                "Nothing is sent to this endpoint while it is disabled; set its status to active first.",
                detail_zh="该接收地址已停用，请先将其状态设为 active。",
            )
        delivery.queue(now)
        tx.replace("delivery", delivery)
        if standing is not None and standing.pause_until is not None:
            put_standing(tx, standing, replace(standing.standing, pause_until=None))
        body = EventBody.address(tenant_id, delivery.event_id)
        kept = [EventBody.expires_at.set(delivery.expires_at)]
        tx.update("body", EventBody, *body, actions=kept, condition=EventBody.pk.exists())
        told = {"endpoint_id": endpoint_id, "event_id": delivery.event_id}
        audit(tx, tenant_id, by, "webhook_delivery.sent_again", f"webhook_delivery:{delivery_id}", now, told)
        return delivery

    return change(read, decide)
