"""Whether the shop may count what a reader does, and what their browser then tells when a page is left."""
