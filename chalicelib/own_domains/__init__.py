"""A brand's own domain: claimed, proved by DNS, given a certificate and served; and what becomes of it afterwards."""
