"""Which goods a rule is about. Pure."""

from dataclasses import dataclass

from chalicelib.pricing.model.rules import Item


@dataclass(frozen=True, slots=True)
class Scope:
    """The goods of any of the named products, categories or tags; all goods where none is named."""

    product_ids: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def covers(self, item: Item) -> bool:
        """Whether the item is among these goods; a bundle, where each of its parts is."""
        if item.parts:
            return all(self.covers(part) for part in item.parts)
        if not (self.product_ids or self.categories or self.tags):
            return True
        named = item.product_id in self.product_ids or item.category in self.categories
        return named or not self.tags.isdisjoint(item.tags)


EVERYTHING = Scope()
