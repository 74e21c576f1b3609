"""An order's side of its payments."""
