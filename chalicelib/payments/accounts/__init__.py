"""A brand's accounts with payment providers."""
