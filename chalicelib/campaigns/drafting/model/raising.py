"""What a published offer may still become: more units, and a higher limit for each member. Pure."""

from dataclasses import replace

from chalicelib.campaigns.drafting.model.checks import LimitAboveQuantity
from chalicelib.campaigns.drafting.model.editing import NotEditable
from chalicelib.campaigns.model.campaign import ON_SHOW, Status, in_words, in_words_zh
from chalicelib.campaigns.model.offers import Offer
from chalicelib.kernel.counting import are, counted
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.unset import UNSET, Unset


class OffersOnlyRise(Conflict):
    """A published offer would have fewer units, or a lower limit for each member, than its page has promised."""

    code, title, title_zh = "offers_only_rise", "A published offer can only be raised", "已发布的商品只能增加"


def check_running(status: Status) -> None:
    """Refuses to raise what is not announced yet, or has closed. Raises NotEditable."""
    if status in ON_SHOW:
        return
    instead, instead_zh = "its offers stand as they are", "商品不可再修改"
    if status is Status.DRAFT:
        instead, instead_zh = "change the draft's offers themselves", "请直接修改草稿中的商品"
    raise NotEditable(
        f"The campaign is {in_words(status)}: {instead}.",
        detail_zh=f"活动{in_words_zh(status)}，{instead_zh}。",
        extra={"campaign_status": status.value},
    )


def raised(offer: Offer, quantity: int | Unset, per_member_limit: int | Unset | None) -> Offer:
    """The offer with so many units, and so many for each member, None without limit; what is UNSET stays.

    Raises OffersOnlyRise, LimitAboveQuantity.
    """
    units = offer.quantity if quantity is UNSET else quantity
    limit = offer.per_member_limit if per_member_limit is UNSET else per_member_limit
    if units < offer.quantity:
        raise OffersOnlyRise.at(
            "/quantity",
            f"{counted(offer.quantity, 'unit')} {are(offer.quantity)} on offer, and "
            "may be ordered by now; name as many or more.",
            f"当前可售数量为 {offer.quantity} 件，可能已被预订，请填写不少于该数量的值。",
        )
    if limit is not None and (offer.per_member_limit is None or limit < offer.per_member_limit):
        so_far = "no limit" if offer.per_member_limit is None else f"a limit of {offer.per_member_limit}"
        so_far_zh = "当前不限购" if offer.per_member_limit is None else f"当前每人限购 {offer.per_member_limit} 件"
        raise OffersOnlyRise.at(
            "/per_member_limit",
            f"Members were promised {so_far}; it can be raised, or taken away with null.",
            f"{so_far_zh}，只能提高，或用 null 取消限购。",
        )
    if limit is not None and limit > units:
        raise LimitAboveQuantity.at(
            "/per_member_limit", f"The quantity on offer is {units}.", f"可售数量最多 {units} 件。"
        )
    return replace(offer, quantity=units, per_member_limit=limit)
