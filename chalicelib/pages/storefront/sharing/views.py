"""What is passed on of a campaign: no more than everyone may see, and of those who ordered only how many they are."""

from dataclasses import dataclass
from typing import Any, Self

from chalicelib.campaigns.model.campaign import ACCEPTING
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.service.reading import get_published
from chalicelib.campaigns.views.campaigns import StoreCampaignView
from chalicelib.channels.service import known_link
from chalicelib.channels.views import address as link
from chalicelib.kernel.errors import NotFound
from chalicelib.pages.shell import Visit
from chalicelib.pages.shell.qr import matrix_of, squares
from chalicelib.pages.shell.saying import Saying
from chalicelib.pages.storefront.said import CAMPAIGN, State
from chalicelib.pages.storefront.sharing.model import wrapped

MOST_ON_A_POSTER = 5


@dataclass(frozen=True, slots=True)
class Shared:
    """A campaign with the ``address`` that leads to it from anywhere: that of the member's ``own`` link where they have
    one.
    """

    campaign: StoreCampaignView
    state: State
    accepting: bool
    address: str
    own: bool

    @classmethod
    def of(cls, visit: Visit[Any]) -> Self:
        """The campaign of the visit's path, as it stands. Raises NotFound, also for a gift: it has no price to name."""
        found = get_published(visit.tenant_id, visit.path["id"])
        if found.gift_points is not None:
            raise NotFound(
                "A gift is not shared: it is had for points.", detail_zh="积分礼品不能分享，只能用积分兑换。"
            )
        view = StoreCampaignView.of(found, progress_of([found], visit.now)[0])
        code = known_link(visit.tenant_id, visit.member_id) if visit.member_id else None
        address = f"{visit.shop}/campaigns/{view.id}"
        if code:
            address = f"{link(visit.shop, code)}?c={view.id}"
        return cls(view, CAMPAIGN[view.status], view.status in ACCEPTING, address, code is not None)


@dataclass(frozen=True, slots=True)
class Line:
    """An offer on the poster."""

    title: str
    price: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a poster shows, each text in lines that have room; ``more`` offers have none."""

    brand: str
    title: list[str]
    offers: list[Line]
    more: int
    place: list[str]
    code: str
    side: int
    """Of the code, in its own squares."""

    @classmethod
    def of(cls, shared: Shared, brand: str, say: Saying) -> Self:
        """The poster of a campaign."""
        campaign = shared.campaign
        offers = [Line(wrapped(each.title, 15.5, 1)[0], say.money(each.current_price)) for each in campaign.offers]
        fit = MOST_ON_A_POSTER if len(offers) <= MOST_ON_A_POSTER else MOST_ON_A_POSTER - 1
        place = " · ".join((campaign.pickup_points[0].name, campaign.pickup_points[0].address))
        code = matrix_of(shared.address)
        return cls(
            wrapped(brand, 18, 1)[0], wrapped(campaign.title, 11.5, 3), offers[:fit], max(0, len(offers) - fit),
            wrapped(place, 15, 3), squares(code), len(code),
        )  # fmt: skip
