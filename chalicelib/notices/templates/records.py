"""A brand's own words as they are stored, with their keys."""

from collections.abc import Iterator
from typing import Self

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import InstantAttribute, TenantRecord, key
from chalicelib.kernel.language import Language
from chalicelib.notices.templates.model.wording import Words


class OwnWords(TenantRecord):
    """What a brand says in a notice, in one language, in place of our words."""

    subject = UnicodeAttribute()
    text = UnicodeAttribute()
    updated_at = InstantAttribute()

    @property
    def template(self) -> str:
        return str(self.sk).partition("#")[0]

    @property
    def language(self) -> Language:
        return "zh" if str(self.sk).endswith("#zh") else "en"

    @property
    def words(self) -> Words:
        return Words(self.subject, self.text)

    @staticmethod
    def partition(tenant_id: str) -> str:
        """All of a brand's own words, in the order of the notices' names."""
        return key(tenant_id, "message-templates")

    @classmethod
    def address(cls, tenant_id: str, template: str, language: Language) -> tuple[str, str]:
        return cls.partition(tenant_id), f"{template}#{language}"

    @classmethod
    def between(cls, tenant_id: str, first: str, last: str) -> Iterator[Self]:
        """The brand's own words of the notices whose names stand between two, and of these."""
        return cls.every(cls.partition(tenant_id), between=(f"{first}#", f"{last}#~"), consistent=True)
