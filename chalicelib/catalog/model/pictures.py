"""What a product's pictures show, in words for who cannot see them. Pure."""

from collections.abc import Mapping, Sequence

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.text import cut, harmless


def texts_for(images: Sequence[str], before: Mapping[str, str], named: Mapping[str, str] | None) -> dict[str, str]:
    """The alternative texts of a product's pictures, by address: those that are ``named``; where None, each picture
    keeps its text of ``before``. An empty text is none. Raises Invalid for a picture that the product does not have.
    """
    if named is None:
        return {address: before[address] for address in images if address in before}
    for address in named:
        if address not in images:
            named_so = cut(harmless(address), 200)
            raise Invalid.at(
                "/image_alts",
                f"“{named_so}” is none of the product's images; describe only those.",
                f"“{named_so}”不在该商品的图片中，只能为其图片填写说明。",
            )
    return {address: text for address in images if (text := named.get(address))}
