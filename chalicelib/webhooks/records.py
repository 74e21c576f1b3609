"""What is stored of webhooks, and under which keys."""

from datetime import datetime, timedelta
from typing import cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.ids import derived_id
from chalicelib.webhooks.model.attempts import Attempt, DeadReason, DisabledReason, Status
from chalicelib.webhooks.model.standing import Standing

QUEUE = "webhooks"
QUEUED, DELIVER = "webhook_delivery.queued", "webhooks.deliver"

KEPT = timedelta(days=30)
"""How long a delivery, its log and the body that it sends are kept."""

EVENT_GRACE = timedelta(minutes=15)
"""The event on a delivery brings its first attempt at once. Should it be lost, the sweep does, so much later."""


class EndpointRecord(TenantRecord):
    """Where a brand wants events sent. ``sealed`` holds the secrets, encrypted for this tenant and endpoint."""

    url = UnicodeAttribute()
    event_types = JsonAttribute()
    description = UnicodeAttribute(default="")
    stored_disabled_reason = UnicodeAttribute(attr_name="disabled_reason", null=True)
    disabled_at = optional(InstantAttribute(null=True))
    sealed = UnicodeAttribute()
    old_secrets_end_at = optional(InstantAttribute(null=True))
    created_at = InstantAttribute()
    changed_at = InstantAttribute()

    @property
    def id(self) -> str:
        return str(self.sk)

    @property
    def active(self) -> bool:
        return self.stored_disabled_reason is None

    @property
    def disabled_reason(self) -> DisabledReason | None:
        return cast("DisabledReason | None", self.stored_disabled_reason)

    @staticmethod
    def partition(tenant_id: str) -> str:
        """Where all endpoints of a tenant lie."""
        return key(tenant_id, "webhook-endpoints")

    @staticmethod
    def address(tenant_id: str, endpoint_id: str) -> tuple[str, str]:
        return key(tenant_id, "webhook-endpoints"), endpoint_id


class EndpointBook(TenantRecord):
    """What each of a tenant's endpoints wants, in one item: whoever emits reads this alone. One that is disabled has
    None for its events. The book is written with each change of an endpoint, so it also knows their number.
    """

    wanted = JsonAttribute(default=dict)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "webhook-book"), "webhook-book"


class StandingRecord(TenantRecord):
    """How an endpoint has been doing; there is none while it is well. Apart from it: this must not move its ETag."""

    failures = NumberAttribute(default=0)
    failing_since = optional(InstantAttribute(null=True))
    pause_until = optional(InstantAttribute(null=True))
    slow = NumberAttribute(null=True)
    under_way = JsonAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, endpoint_id: str) -> tuple[str, str]:
        return key(tenant_id, "webhook-standing", endpoint_id), "webhook-standing"

    @property
    def standing(self) -> Standing:
        """As the rules know it."""
        under_way = tuple(map(parse_instant, self.under_way or ()))
        return Standing(int(self.failures), self.failing_since, self.pause_until, bool(self.slow), under_way)

    def stand(self, standing: Standing) -> None:
        """Takes over what the rules say."""
        self.failures, self.slow = standing.failures, int(standing.slow) or None
        self.failing_since, self.pause_until = standing.failing_since, standing.pause_until
        self.under_way = [sortable(each) for each in standing.under_way] or None


class EventBody(TenantRecord):
    """The body that tells of an event, once for all endpoints that it goes to: the same in every attempt."""

    text = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, event_id: str) -> tuple[str, str]:
        return key(tenant_id, "webhook-event", event_id), "webhook-event"


class DeliveryRecord(TenantRecord):
    """An event on its way to an endpoint. It is not tried before ``try_at``: while a worker has it, that is when its
    claim runs out. ``failed`` counts the failed attempts since it was last queued, ``attempts`` is the log of all.
    """

    endpoint_id = UnicodeAttribute()
    event_id = UnicodeAttribute()
    event_type = UnicodeAttribute()
    stored_status = UnicodeAttribute(attr_name="status", default="pending")
    stored_dead_reason = UnicodeAttribute(attr_name="dead_reason", null=True)
    try_at = optional(InstantAttribute(null=True))
    claim = UnicodeAttribute(null=True)
    failed = NumberAttribute(default=0)
    attempts = JsonAttribute(default=list)
    queued_at = InstantAttribute()
    created_at = InstantAttribute()

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def status(self) -> Status:
        return cast(Status, self.stored_status)

    @property
    def dead_reason(self) -> DeadReason | None:
        return cast("DeadReason | None", self.stored_dead_reason)

    @property
    def log(self) -> list[Attempt]:
        """Its attempts, the earliest first."""
        return [Attempt.from_json(each) for each in self.attempts]

    @staticmethod
    def id_of(event_id: str, endpoint_id: str) -> str:
        """An event goes to an endpoint once, however often it is emitted."""
        return derived_id("webhook delivery", event_id, endpoint_id)

    @staticmethod
    def address(tenant_id: str, delivery_id: str) -> tuple[str, str]:
        return key(tenant_id, "webhook-delivery", delivery_id), "webhook-delivery"

    @staticmethod
    def partition_of(tenant_id: str, endpoint_id: str, status: str | None = None) -> str:
        """The partition of an endpoint's deliveries, in ``gsi1``, or of those with a status, in ``gsi2``."""
        return key(tenant_id, "webhook-deliveries", endpoint_id, *([status] if status else []))

    def queue(self, now: datetime) -> None:
        """Has it tried from the first attempt on, at once."""
        self.stored_status, self.stored_dead_reason = "pending", None
        self.failed, self.claim, self.try_at, self.queued_at = 0, None, now, now
        self.expires_at = int((now + KEPT).timestamp())
        self.emit(QUEUED, now, delivery_id=self.id)

    def end(self, status: Status, dead_reason: DeadReason | None = None) -> None:
        """Nothing more is tried."""
        self.stored_status, self.stored_dead_reason = status, dead_reason
        self.try_at = self.claim = None

    def arrange(self) -> None:
        placed = f"{sortable(self.created_at)}#{self.id}"
        self.gsi1pk, self.gsi1sk = self.partition_of(self.tenant_id, self.endpoint_id), placed
        self.gsi2pk, self.gsi2sk = self.partition_of(self.tenant_id, self.endpoint_id, self.status), placed
        if self.status != "pending" or self.try_at is None:
            self.schedule(None)
        else:
            # What is queued in this write is brought by its event.
            self.schedule(self.try_at + (EVENT_GRACE if self._events else timedelta()), DELIVER, QUEUE)
