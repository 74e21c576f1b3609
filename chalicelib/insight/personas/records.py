"""Personas as they are stored, with their keys."""

from collections.abc import Iterator
from typing import Self

from pynamodb.attributes import BinaryAttribute, NumberAttribute

from chalicelib.db import JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.insight.personas.model import CHUNK_MEMBERS, Persona, PersonaBits

FOLD_ON = "personas.fold_on"
"""What has changed of members is taken into the chunks."""


class PersonaBitsRecord(TenantRecord):
    """16,384 members by what they are counted by, as bits, compressed. ``changes`` rises with each member of them who
    is counted otherwise than before.
    """

    stored = BinaryAttribute(legacy_encoding=False, attr_name="bits")
    changes = NumberAttribute(default=0)

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all chunks."""
        return key(tenant_id, "personas")

    @classmethod
    def address(cls, tenant_id: str, chunk: int) -> tuple[str, str]:
        return cls.partition(tenant_id), f"{chunk:06d}"

    @classmethod
    def at(cls, tenant_id: str, chunk: int) -> Self:
        """As last committed; an empty one, of revision 0, where nothing is stored."""
        place = cls.address(tenant_id, chunk)
        return cls.fetch(*place, consistent=True) or cls(*place, rev=0, stored=PersonaBits().pack())

    @property
    def chunk(self) -> int:
        return int(self.sk)

    @property
    def persona_bits(self) -> PersonaBits:
        return PersonaBits.unpack(self.stored)

    @persona_bits.setter
    def persona_bits(self, persona_bits: PersonaBits) -> None:
        self.stored = persona_bits.pack()


class ChangedRecord(TenantRecord):
    """What a member, by ordinal, is counted by since they changed; nothing where they are a member no more. It counts
    before the chunk, until the night takes it in.
    """

    said = optional(JsonAttribute(null=True))

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "changed-personas")

    @classmethod
    def address(cls, tenant_id: str, ordinal: int) -> tuple[str, str]:
        return cls.partition(tenant_id), f"{ordinal:012d}"

    @property
    def ordinal(self) -> int:
        return int(self.sk)

    @property
    def persona(self) -> Persona | None:
        return None if self.said is None else Persona.from_json(self.said)

    @persona.setter
    def persona(self, persona: Persona | None) -> None:
        self.said = None if persona is None else persona.as_json()

    @classmethod
    def of_chunk(cls, tenant_id: str, chunk: int) -> Iterator[Self]:
        """Those of one chunk, as last committed."""
        first = chunk * CHUNK_MEMBERS
        between = (f"{first:012d}", f"{first + CHUNK_MEMBERS - 1:012d}")
        return cls.every(cls.partition(tenant_id), between=between, limit=1000, consistent=True)

    @classmethod
    def of_tenant(cls, tenant_id: str) -> Iterator[Self]:
        """All of a brand, as last committed."""
        return cls.every(cls.partition(tenant_id), limit=1000, consistent=True)


class FoldState(TenantRecord):
    """How far members were taken into the chunks who joined: every ordinal below ``through``. Those below ``claimed``
    are being read, so whoever changes one of them from now on notes it.
    """

    through = NumberAttribute(default=0)
    claimed = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "personas-of-all"), "state"

    @classmethod
    def at(cls, tenant_id: str) -> Self | None:
        """As last committed; None before the first night."""
        return cls.fetch(*cls.address(tenant_id), consistent=True)
