"""How the values of a dimension are called."""

from collections.abc import Sequence

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.records import ProductRecord
from chalicelib.channels.records import ChannelRecord
from chalicelib.db import fetch_many
from chalicelib.insight.model.slices import Dimension
from chalicelib.kernel.ids import is_id
from chalicelib.pickup_points.records import PickupPointRecord


def titles(tenant_id: str, dimension: Dimension, values: Sequence[str]) -> dict[str, str]:
    """The titles of those that are ids of something here; a hundred cost one request. What a file named, and what there
    is no more, has none.
    """
    ids = [value for value in values if is_id(value)]
    if dimension is Dimension.CATEGORY or not ids:
        return {}
    found = fetch_many([_address(tenant_id, dimension, each) for each in ids])
    return {value: each.name if dimension is Dimension.PICKUP_POINT else each.title
            for value, each in zip(ids, found, strict=True) if each is not None}  # fmt: skip


def _address(
    tenant_id: str, dimension: Dimension, value: str
) -> tuple[type[CampaignRecord | ChannelRecord | PickupPointRecord | ProductRecord], str, str]:
    match dimension:
        case Dimension.CAMPAIGN:
            return CampaignRecord, *CampaignRecord.address(tenant_id, value)
        case Dimension.CHANNEL:
            return ChannelRecord, *ChannelRecord.address(tenant_id, value)
        case Dimension.PICKUP_POINT:
            return PickupPointRecord, *PickupPointRecord.address(tenant_id, value)
        case _:
            return ProductRecord, *ProductRecord.address(tenant_id, value)
