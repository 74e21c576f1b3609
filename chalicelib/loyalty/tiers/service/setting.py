"""A brand reads and sets its tiers, and every member who has a standing is looked at again."""

from contextlib import suppress
from datetime import datetime

from chalicelib.db import Refused, Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.loyalty.tiers.model.tiers import Tiers
from chalicelib.loyalty.tiers.records import APPLYING, StandingRecord, TiersRecord
from chalicelib.loyalty.tiers.service.standings import bring_up_to_date
from chalicelib.tenants.service.audit import audit

SLICE = 50
"""Members that one message looks at."""


def get_tiers(tenant_id: str) -> tuple[Tiers, int]:
    """The tiers, and their revision, which is 0 until they are set."""
    found = _read(tenant_id)
    return (found.tiers, int(found.rev)) if found else (Tiers(), 0)


def set_tiers(tenant_id: str, wanted: Tiers, if_match: int | None, by: Principal, now: datetime) -> tuple[Tiers, int]:
    """Sets all tiers. Members rise at once, within minutes where there are many; who falls short by a change has the
    grace that it names. Raises Stale.
    """

    def decide(found: TiersRecord | None, tx: Transaction) -> tuple[Tiers, int]:
        record = found or TiersRecord(*TiersRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        before = record.tiers
        if found is not None and before == wanted:
            return wanted, int(record.rev)
        record.stored_tiers, record.updated_at, record.applied_to = wanted, now, None
        record.emit(APPLYING, now, after="")
        if found is None:
            record.rev = 1
            tx.create("tiers", record)
        else:
            tx.replace("tiers", record)
        told = {"from": before.as_json(), "to": wanted.as_json()}
        audit(tx, tenant_id, by, "tiers.changed", f"tenant:{tenant_id}", now, told)
        return wanted, int(record.rev)

    return change(lambda: _read(tenant_id), decide)


def apply(tenant_id: str, after: str, now: datetime) -> None:
    """Looks at the next members, by id, and continues with a message of its own. One that comes twice, or late after
    the tiers were changed again, looks at them once more and goes no further.
    """
    page = StandingRecord.page(
        StandingRecord.of_tenant(tenant_id), index="gsi1", between=(f"{after}!", "~"), limit=SLICE
    )
    for standing in page.items:
        bring_up_to_date(tenant_id, standing.member_id, now)
    if page.last_key is None:
        return
    last, stored = page.items[-1].member_id, TiersRecord.applied_to
    tx = Transaction()
    tx.update(
        "tiers", TiersRecord, *TiersRecord.address(tenant_id),
        actions=[stored.set(last), TiersRecord.emission(APPLYING, now, after=last)],
        condition=stored == after if after else TiersRecord.pk.exists() & stored.does_not_exist(),
    )  # fmt: skip
    with suppress(Refused):  # another worker has looked at the same members, or the tiers were changed again
        tx.commit()


def _read(tenant_id: str) -> TiersRecord | None:
    return TiersRecord.fetch(*TiersRecord.address(tenant_id), consistent=True)
