"""What leads a search to members, with its keys."""

from pynamodb.attributes import NumberAttribute

from chalicelib.db import TenantRecord, key
from chalicelib.members.model.searching import Entry, Kind


class EntryRecord(TenantRecord):
    """Leads from an entry to a member. It stands in no list and emits nothing, so it is one write unit.

    What it says is in the sort key, where a part of it can be looked for; partitions are by kind and first character.
    """

    ordinal = NumberAttribute()

    @property
    def text(self) -> str:
        return str(self.sk).rpartition("\t")[0]

    @staticmethod
    def partition(tenant_id: str, kind: Kind, text: str) -> str:
        """The partition of the entries that begin as a text does."""
        return key(tenant_id, f"search-{kind}", f"{ord(text[0]):x}")

    @classmethod
    def address(cls, tenant_id: str, entry: Entry, ordinal: int) -> tuple[str, str]:
        # A tab sorts below every printable character, so that shorter names come first.
        return cls.partition(tenant_id, entry.kind, entry.text), f"{entry.text}\t{ordinal:012d}"
