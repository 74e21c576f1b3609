"""Legal texts as they are stored, with their keys."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key


class LegalText(TenantRecord):
    """A text of a brand as it stands: by language, empty where it was taken away. ``revision`` counts its versions;
    ``must_accept`` can change without a new one.
    """

    texts = JsonAttribute()
    revision = NumberAttribute()
    must_accept = BooleanAttribute(default=False)
    published_at = InstantAttribute()

    @property
    def kind(self) -> str:
        """Which text it is."""
        return str(self.sk)

    @staticmethod
    def address(tenant_id: str, kind: str) -> tuple[str, str]:
        """Where the text in force is kept."""
        return key(tenant_id, "legal-texts"), kind


class LegalVersion(TenantRecord):
    """A version of a text, never changed: what a member accepted can be read for as long as the brand is there."""

    texts = JsonAttribute()
    published_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, kind: str, revision: int) -> tuple[str, str]:
        """Where a version is kept."""
        return key(tenant_id, "legal-text", kind), f"{revision:06d}"
