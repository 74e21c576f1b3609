"""What the API takes of webhook endpoints."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.unset import UNSET
from chalicelib.web import Body, OneLine, Query
from chalicelib.webhooks.service.endpoints import Changes, Wanted

_Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000),
    Field(
        description="A public https address on port 443. It is checked now, and at each attempt.",
        examples=["https://erp.example.com/lintuan"],
    ),
]
_Events = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=100)]],
    Field(max_length=100, description='Events by their names. None, or `["*"]`, means every event, new ones too.'),
]
_Description = Annotated[str, StringConstraints(max_length=200), OneLine]


class NewEndpoint(Body):
    """Where events are to be sent, and which."""

    EXAMPLES = {
        "every event": {"url": "https://erp.example.com/lintuan", "description": "Our ERP"},
        "of orders alone": {
            "url": "https://erp.example.com/lintuan",
            "event_types": ["order.placed", "order.cancelled"],
        },
    }

    url: _Url
    event_types: _Events = []
    description: _Description = ""

    def wanted(self) -> Wanted:
        """The endpoint as the use case takes it."""
        return Wanted(self.url, self.event_types, self.description)


class EndpointEdit(Body):
    """What is left out stays. `active` enables an endpoint again, whoever disabled it."""

    EXAMPLES = {"enable it again": {"status": "active"}, "send everything": {"event_types": ["*"]}}

    url: _Url | None = None
    event_types: _Events | None = None
    description: _Description | None = None
    status: Literal["active", "disabled"] | None = None

    def changes(self) -> Changes:
        """The change as the use case takes it."""
        return Changes(
            UNSET if self.url is None else self.url,
            UNSET if self.event_types is None else self.event_types,
            UNSET if self.description is None else self.description,
            UNSET if self.status is None else self.status,
        )


class SecretRotation(Body):
    """For how many hours the secret in use signs beside the new one: a day, unless you say otherwise; with 0 every
    earlier secret ends at once.
    """

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24

    def overlap(self) -> timedelta:
        """The overlap as the use case takes it."""
        return timedelta(hours=self.overlap_hours)


class DeliveryQuery(Query):
    """Deliveries of one status alone."""

    status: Literal["pending", "sent", "dead"] | None = None
