"""What of the shop's goods who looks wants."""

from typing import Any

from chalicelib.kernel.errors import Unauthenticated
from chalicelib.pages.shell import Visit
from chalicelib.wanting.service.standing import Standing, standing_of


def own(visit: Visit[Any]) -> Standing:
    """What who looks keeps and is told of; nothing of who is not signed in, or was signed out elsewhere."""
    if not visit.member_id:
        return Standing()
    try:
        return standing_of(visit.tenant_id, visit.member_id)
    except Unauthenticated:
        return Standing()
