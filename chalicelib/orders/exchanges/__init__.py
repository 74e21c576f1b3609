"""Orders that replace what came back."""
