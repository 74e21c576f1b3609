"""How many uploads a member asked for, and its key."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute

from chalicelib.db import TenantRecord, key


class AskedUploads(TenantRecord):
    """The forms that a member got in one hour of the clock; the table forgets it when the hour is over."""

    forms = NumberAttribute()

    @staticmethod
    def address(tenant_id: str, member_id: str, hour: datetime) -> tuple[str, str]:
        return key(tenant_id, "uploads", member_id), f"asked#{hour:%Y-%m-%dT%H}"
