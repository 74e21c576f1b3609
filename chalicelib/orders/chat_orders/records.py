"""Who is meant by a name in a chat group, as somebody said once, with its keys."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import TenantRecord, key
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import derived_id


class ChatNameRecord(TenantRecord):
    """The member whom a name in the brand's groups stands for. The name itself is not kept: the key is derived from it,
    and nobody can read it there.
    """

    member_id = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, name: str) -> tuple[str, str]:
        """The key of what is known of a name, however it is written."""
        return key(tenant_id, "chat-name", derived_id(tenant_id, "chat-name", fold(name))), "chat-name"
