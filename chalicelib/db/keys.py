"""How keys are spelled: the tenant always comes first."""

from chalicelib.kernel.ids import is_id


def key(tenant_id: str, *parts: str) -> str:
    """``{tenant_id}#part#part``.

    A query without a tenant cannot be spelled, and since ids have one length, no tenant's prefix begins another's.
    Raises ValueError for a tenant that is no id, or a part that is empty or holds the separator.
    """
    if not is_id(tenant_id):
        raise ValueError("the first part of a key is the tenant's id")
    for part in parts:
        if not part or "#" in part:
            raise ValueError(f"a key part must be present and hold no '#': {part!r}")
    return "#".join((tenant_id, *parts))
