"""The price of a basket: one pipeline of rules, in whole minor units. Pure."""

from chalicelib.pricing.model.choosing import MOST_CHOICES, TooManyChoices, choices, number_of_choices
from chalicelib.pricing.model.full_reduction import Reduction, full_reduction, reduced_by, to_next
from chalicelib.pricing.model.gifts import by_amount, by_quantity, gift
from chalicelib.pricing.model.lowering import (
    amount_off,
    amount_off_each,
    nothing,
    percent_of,
    percent_off,
    price_each,
    split_discount,
)
from chalicelib.pricing.model.quoting import AmountTooLarge, Discount, Quote, Totals, quote
from chalicelib.pricing.model.reasons import (
    MEMBER_PRICES,
    delivery_words,
    gift_words,
    off_each_words,
    off_words,
    percent_words,
    price_words,
    reduction_words,
    titled,
)
from chalicelib.pricing.model.rules import Item, Lower, Rule, Step, Words
from chalicelib.pricing.model.scope import EVERYTHING, Scope

__all__ = [
    "EVERYTHING",
    "MEMBER_PRICES",
    "MOST_CHOICES",
    "AmountTooLarge",
    "Discount",
    "Item",
    "Lower",
    "Quote",
    "Reduction",
    "Rule",
    "Scope",
    "Step",
    "TooManyChoices",
    "Totals",
    "Words",
    "amount_off",
    "amount_off_each",
    "by_amount",
    "by_quantity",
    "choices",
    "delivery_words",
    "full_reduction",
    "gift",
    "gift_words",
    "nothing",
    "number_of_choices",
    "off_each_words",
    "off_words",
    "percent_of",
    "percent_off",
    "percent_words",
    "price_each",
    "price_words",
    "quote",
    "reduced_by",
    "reduction_words",
    "split_discount",
    "titled",
    "to_next",
]
