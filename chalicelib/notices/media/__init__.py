"""The media that leave the product, each an adapter to its provider, and what they cost."""
