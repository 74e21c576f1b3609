"""The brand's own accounts at payment providers."""
