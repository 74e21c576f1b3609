"""Which network a request came from, as the gateway saw it."""

import pytest

from chalicelib.web.call import source_of


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:7:7:1:2:3:4", "2001:db8:7:7::/64"),
        ("2001:db8:7:7::", "2001:db8:7:7::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unknown", ""),
        (None, ""),
    ],
)
def test_a_source_is_an_ipv4_address_or_a_64_of_ipv6(address: str | None, source: str) -> None:
    assert source_of({"identity": {"sourceIp": address}}) == source


def test_a_gateway_that_names_no_address_makes_one_source_of_all() -> None:
    assert source_of({}) == ""
