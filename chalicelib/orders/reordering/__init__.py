"""The goods of an order once more: which of them can be ordered now, and in which campaign."""
