"""What was fitted, and what is asked for."""

from collections.abc import Iterator
from datetime import date
from typing import Self

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InsightRecord, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional

_EVERYTHING = 1_000


class LifetimeRecord(InsightRecord):
    """The models as of a local day, fitted to figures of a revision, and what follows from them but for who is behind
    it, which lies apart under ``edition``; see ``insight.model.lifetime_results`` for ``content``.
    """

    figures_rev = NumberAttribute(attr_name="r")
    fitted_at = InstantAttribute(attr_name="f")
    edition = UnicodeAttribute(attr_name="e")
    content = BinaryAttribute(legacy_encoding=False, attr_name="c")

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "lifetime")

    @classmethod
    def address(cls, tenant_id: str, on: date) -> tuple[str, str]:
        return cls.partition(tenant_id), on.isoformat()

    @property
    def on(self) -> date:
        """As of the end of which local day."""
        return date.fromisoformat(str(self.sk))

    @classmethod
    def latest(cls, tenant_id: str, on: date) -> Self | None:
        """The one as of the latest day up to this one."""
        between = ("0000", on.isoformat())
        page = cls.page(cls.partition(tenant_id), between=between, limit=1, newest_first=True, consistent=True)
        return page.items[0] if page.items else None

    @classmethod
    def of_tenant(cls, tenant_id: str) -> Iterator[Self]:
        """All that are kept."""
        return cls.every(cls.partition(tenant_id), limit=_EVERYTHING, consistent=True)


class BandMembers(InsightRecord):
    """Who is in a band: a chunk of bits by ordinal; see ``insight.model.bitmaps``."""

    bits = BinaryAttribute(legacy_encoding=False, attr_name="b")

    @staticmethod
    def partition(tenant_id: str, edition: str) -> str:
        """The partition with all bands of a result."""
        return key(tenant_id, "lifetime-members", edition)

    @classmethod
    def address(cls, tenant_id: str, edition: str, band: str, chunk: int) -> tuple[str, str]:
        return cls.partition(tenant_id, edition), f"{band}#{chunk:06d}"

    @property
    def chunk(self) -> int:
        return int(str(self.sk).rpartition("#")[2])

    @classmethod
    def of_band(cls, tenant_id: str, edition: str, band: str) -> Iterator[Self]:
        """Its chunks, read consistently."""
        place = cls.partition(tenant_id, edition)
        return cls.every(place, begins_with=f"{band}#", limit=_EVERYTHING, consistent=True)

    @classmethod
    def of_edition(cls, tenant_id: str, edition: str) -> Iterator[Self]:
        """The chunks of all bands."""
        return cls.every(cls.partition(tenant_id, edition), limit=_EVERYTHING)


class LifetimeEdition(InsightRecord):
    """A fit that was begun, written before all else of it: where it came to nothing, or another one of the same day
    came after it, who is behind its bands is found by this.
    """

    begun_at = InstantAttribute(attr_name="f")

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "lifetime-editions")

    @classmethod
    def address(cls, tenant_id: str, edition: str) -> tuple[str, str]:
        return cls.partition(tenant_id), edition

    @classmethod
    def of_tenant(cls, tenant_id: str) -> Iterator[Self]:
        """All of which something may be kept."""
        return cls.every(cls.partition(tenant_id), limit=_EVERYTHING, consistent=True)


class LifetimeState(TenantRecord):
    """When the report was read last, and which job fits the models as of which local day: one at a time for each."""

    used_on = optional(DateAttribute(null=True))
    jobs = JsonAttribute(default=dict)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "lifetime"), "state"
