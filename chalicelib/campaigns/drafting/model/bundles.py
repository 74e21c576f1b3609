"""What a bundle must keep to: its parts, its stock, and what else the campaign offers. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from chalicelib.campaigns.model.bundles import Part
from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.stock.model import MAX_QUANTITY
from chalicelib.kernel.errors import FieldError, Invalid


class SkuOrParts(Invalid):
    """An offer names both a SKU and the parts of a bundle, or neither."""

    code, title, title_zh = "sku_or_parts", "An offer is a SKU or a bundle", "请选择一个规格或组成组合装"


class BundleTooSmall(Invalid):
    """A bundle of one part is that part."""

    code, title, title_zh = "bundle_too_small", "A bundle has at least two parts", "组合装至少包含两种商品"


class RepeatedPart(Invalid):
    """A bundle has the same SKU in two parts."""

    code, title, title_zh = "repeated_part", "A SKU is in the bundle twice", "组合装内规格重复"


class NestedBundle(Invalid):
    """A part of a bundle is a bundle."""

    code, title, title_zh = "nested_bundle", "A bundle cannot be part of a bundle", "组合装不能包含组合装"


class PartBeyondStock(Invalid):
    """All bundles together would take more of a SKU than the campaign has of it."""

    code, title, title_zh = "part_beyond_stock", "The bundle takes more than there is", "组合装所需数量超过可售数量"


REFUSALS = (BundleTooSmall, NestedBundle, PartBeyondStock, RepeatedPart, SkuOrParts)


def check_bundles(wanted: Sequence[OfferTerms], bundle_ids: Collection[str]) -> None:
    """Checks what each offer sells; ``bundle_ids`` are the ids of bundles that the campaign has already.

    Raises SkuOrParts, BundleTooSmall, RepeatedPart, NestedBundle, naming every fault of the first kind found.
    """
    message, message_zh = "Name a SKU, or the parts of a bundle, not both.", "请填写规格或组合装内容，二者选一。"
    unclear = [n for n, each in enumerate(wanted) if bool(each.sku_id) == (each.bundle is not None)]
    _refuse(SkuOrParts, [FieldError(f"/offers/{n}/sku_id", message, message_zh) for n in unclear])
    bundles = [(n, each.bundle) for n, each in enumerate(wanted) if each.bundle]
    message, message_zh = "Add another SKU, or offer this one alone.", "请再添加一种商品，或单独销售该商品。"
    small = [n for n, bundle in bundles if len(bundle.parts) < 2]
    _refuse(BundleTooSmall, [FieldError(f"/offers/{n}/parts", message, message_zh) for n in small])
    parts = [(n, m, bundle, part.sku_id) for n, bundle in bundles for m, part in enumerate(bundle.parts)]
    message, message_zh = (
        "It is in this bundle already; raise its quantity instead.",
        "该规格已在组合装内，请增加数量。",
    )
    repeated = [(n, m) for n, m, bundle, sku in parts if sku in [each.sku_id for each in bundle.parts[:m]]]
    _refuse(RepeatedPart, [FieldError(f"/offers/{n}/parts/{m}/sku_id", message, message_zh) for n, m in repeated])
    message, message_zh = "This is a bundle; name the SKUs that it is made of.", "这是组合装，请直接填写其中的规格。"
    nested = [(n, m) for n, m, _, sku in parts if sku in bundle_ids]
    _refuse(NestedBundle, [FieldError(f"/offers/{n}/parts/{m}/sku_id", message, message_zh) for n, m in nested])


def sharing_stock(offers: Iterable[Offer]) -> list[Offer]:
    """The offers with each part of a bundle drawing on the offer that sells its SKU alone, where there is one."""
    kept = list(offers)
    alone = {offer.sku_id: offer for offer in kept if not offer.parts}
    return [
        replace(offer, parts=tuple(_beside(part, alone.get(part.sku_id)) for part in offer.parts)) for offer in kept
    ]


def _beside(part: Part, alone: Offer | None) -> Part:
    return replace(part, draws_on=alone.offer_id, beside_minor=alone.price_minor) if alone else part


def check_stock(offers: Sequence[Offer]) -> None:
    """Checks that no bundle takes more of a SKU than its own offer has of it, nor more than an offer may have. Raises
    PartBeyondStock.
    """
    _refuse(
        PartBeyondStock,
        [fault for n, offer in enumerate(offers) for fault in _beyond(offer, offers, f"/offers/{n}/quantity")],
    )


def check_part_units(bundle: Offer, offers: Iterable[Offer]) -> None:
    """Checks one bundle, of which more are to be offered, against the others. Raises PartBeyondStock."""
    _refuse(PartBeyondStock, list(_beyond(bundle, offers, "/quantity")))


def _beyond(bundle: Offer, offers: Iterable[Offer], pointer: str) -> Iterator[FieldError]:
    units = {offer.offer_id: offer.quantity for offer in offers}
    for part in bundle.parts:
        takes, most = bundle.quantity * part.quantity, units.get(part.draws_on, MAX_QUANTITY)
        if takes > most:
            yield FieldError(
                pointer,
                f"{bundle.quantity} bundles take {takes} of '{part.title}'; there are {most}. Offer fewer bundles or "
                "more of it.",
                f"{bundle.quantity} 份组合装需要 {takes} 件“{part.title}”，可售 {most} 件，请减少份数或增加该商品。",
            )


def _refuse(error: type[Invalid], faults: Sequence[FieldError]) -> None:
    if faults:
        raise error(faults[0].message, detail_zh=faults[0].message_zh, errors=tuple(faults))
